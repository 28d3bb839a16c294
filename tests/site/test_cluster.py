"""Where locales are built makes no difference: the same bytes from this process, from others, and from a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtool.commands.build import build
from kbtool.project import Project
from tests.site import builds
from tests.site.small_site import lay_out

Sites = dict[str, dict[str, bytes]]


def built(folder: Path, spec: str) -> Sites:
    """Both editions, built from nothing; every knowledge base has the same name."""
    root = folder / "kb"
    lay_out(root)
    assert {edition.name for edition in build(Project.at(root), spec=spec)} == set(builds.EDITIONS)
    return builds.sites(root)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """What one process makes of it."""
    return built(tmp_path_factory.mktemp("inline"), "inline")


@pytest.mark.filterwarnings("default")  # the cluster's own
def test_a_real_cluster_with_two_workers_builds_the_same_bytes(tmp_path: Path, wanted: Sites) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        found = built(tmp_path / "dask", "dask:" + cluster.scheduler_address.removeprefix("tcp:"))
        done = sum(group.state_counts["memory"] for group in cluster.scheduler.task_prefixes.values())
        assert done >= 6, "three locales of two editions were built there"
    same(found, wanted)


def test_processes_build_the_same_bytes(tmp_path: Path, wanted: Sites) -> None:
    same(built(tmp_path / "processes", "processes:2"), wanted)


def same(found: Sites, wanted: Sites) -> None:
    for name, site in wanted.items():
        assert not builds.unlike(found[name], site), name
        assert len(site) > 50
