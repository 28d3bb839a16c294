"""What befalls a knowledge base between two builds: time, git, other builds, curious people, a power cut."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

from tests.site import builds
from tests.site.small_site import commit
from tests.site.world import Edit, World


def go_back(world: World) -> str:
    """As `git checkout` of an earlier commit."""
    world.put_back(world.chance.choice(world.past))
    return "everything as it was at some earlier time"


def one_file_back(world: World) -> str:
    earlier = world.chance.choice(world.past)
    name = world.chance.choice(sorted(earlier))
    world.write(name, earlier[name])
    return f"{name} as it was at some earlier time"


def touch(world: World) -> str:
    name = world.chance.choice(sorted(world.files()))
    match world.chance.randrange(3):
        case 0:
            os.utime(world.root / name)
        case 1:
            (world.root / name).chmod(world.chance.choice([0o600, 0o644, 0o755]))
        case _:  # by a clock that is wrong
            os.utime(world.root / name, (0, world.chance.choice([1, 5_000_000_000])))
    return f"{name} touched"


def same_stat(world: World) -> str:
    """Another text of the same length, which claims to be as old as the one before."""
    path = world.article()
    file = world.root / "docs" / path
    before, old = file.stat(), world.read(file)
    new = old.replace("e", "u", 3)
    world.write(file, new)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    return f"{path} changed with its size and time as before" if new != old else ""


def days_pass(world: World) -> str:
    world.today += timedelta(days=world.chance.choice([1, 40, 200]))
    return f"it is {world.today}"


def commits(world: World) -> str:
    commit(world.root, f"{world.today}T12:00:00Z")
    return "git commit"


# -- misfortune


def files_below(world: World, folder: str) -> list[Path]:
    return sorted(file for file in (world.root / folder).rglob("*") if file.is_file())


def hurt_site(world: World) -> str:
    """Somebody deletes, changes or adds a file in the built site."""
    found = [file for file in files_below(world, "site") if file.name != "404.html"]
    if not found:
        return ""
    file = world.chance.choice(found)
    match world.chance.randrange(4):
        case 0:
            file.unlink()
        case 1:
            file.write_bytes(bytes(reversed(file.read_bytes())))
        case 2:
            file.with_name("foreign.html").write_text(world.word())
        case _:
            file.with_name("foreign").mkdir(exist_ok=True)
    return f"{file.relative_to(world.root)} hurt by hand"


def hurt_cache(world: World) -> str:
    """A full disk, a crash, a curious person: anything may stand in the cache."""
    found = [*files_below(world, ".kbtool/cache"), *files_below(world, ".kbtool/stage")]
    if not found:
        return ""
    how = world.chance.choice(["empty", "cut", "noise", "gone"])
    for file in world.chance.sample(found, min(len(found), world.chance.choice([1, 5, 1000]))):
        content = file.read_bytes()
        match how:
            case "empty":
                file.write_bytes(b"")
            case "cut":
                file.write_bytes(content[: len(content) // 2])
            case "noise":
                file.write_bytes(world.chance.randbytes(64))
            case _:
                file.unlink()
    return f"cache files {how}"


def hurt_twin(world: World) -> str:
    """The same for the folder from which the next site is made."""
    found = files_below(world, ".kbtool/twins")
    if not found:
        return ""
    file = world.chance.choice(found)
    match world.chance.randrange(3):
        case 0:
            file.unlink()
        case 1:
            file.with_name("foreign.html").write_text(world.word())
        case _:
            file.unlink()
            file.write_text(world.word())
    return f"{file.relative_to(world.root)} hurt by hand"


def no_cache(world: World) -> str:
    shutil.rmtree(world.root / ".kbtool", ignore_errors=True)
    return "the cache is gone"


def other_build(world: World) -> str:
    """Only a part is built, or somewhere else: neither may mislead the next build."""
    match world.chance.randrange(4):
        case 0:
            builds.build(world.root, editions=["agents"], today=world.today)
            return "only the agents' edition built"
        case 1:
            builds.build(world.root, locales=["de"], today=world.today)
            return "only German built"
        case 2:
            builds.build(world.root, out=world.root.parent / "elsewhere", today=world.today)
            return "built elsewhere"
        case _:
            shutil.rmtree(world.root / "site", ignore_errors=True)
            return "the built sites are gone"


def killed(world: World) -> str:
    """A build dies; what stands there is an edition as it was or as it will be, whole."""
    old = builds.sites(world.root)
    delay = world.chance.uniform(0.05, 3.0)
    if builds.build(world.root, editions=world.editions, today=world.today, kill_after=delay) is not None:
        return "a build that was too quick to be killed"
    found = builds.sites(world.root)
    built, new = builds.clean(world.root, editions=world.editions, today=world.today)
    for name, site in found.items():
        whole = site == old[name] or (not built.refused and site == new[name])
        assert whole, f"{name} is neither the old site nor the new one after a kill at {delay:.2f} s"
    return f"a build killed after {delay:.2f} s"


MISHAPS: tuple[Edit, ...] = (
    go_back, one_file_back, touch, same_stat, days_pass, commits, hurt_site, hurt_cache, hurt_twin, no_cache,
    other_build, killed,
)  # fmt: skip
