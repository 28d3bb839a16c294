"""Where locales are built makes no difference: the same bytes from this process, from others, and from a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.commands.build import build
from kbtool.project import Project
from tests.site import builds
from tests.site.small_site import lay_out


def built(folder: Path, spec: str) -> builds.Site:
    """The customers' edition, built from nothing; every knowledge base has the same name."""
    root = folder / "kb"
    lay_out(root)
    build(Project.at(root), editions=["customers"], spec=spec)
    return builds.site(root / "site" / "customers")


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> builds.Site:
    """What one process makes of it."""
    return built(tmp_path_factory.mktemp("inline"), "inline")


@pytest.mark.filterwarnings("default")  # the cluster's own
def test_a_real_cluster_with_two_workers_builds_the_same_bytes(tmp_path: Path, wanted: builds.Site) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        found = built(tmp_path / "dask", "dask:" + cluster.scheduler_address.removeprefix("tcp:"))
        done = sum(group.state_counts["memory"] for group in cluster.scheduler.task_prefixes.values())
        assert done >= 3, "three locales were built there"
    same(found, wanted)


def test_processes_build_the_same_bytes(tmp_path: Path, wanted: builds.Site) -> None:
    same(built(tmp_path / "processes", "processes:2"), wanted)


def same(found: builds.Site, wanted: builds.Site) -> None:
    assert not builds.unlike(found, wanted)
    assert len(wanted) > 50
