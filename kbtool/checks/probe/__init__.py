"""`kbtool probe`: a deployed site, looked at from outside as a reader, a member and a stranger would."""

from kbtool.checks.probe.expected import Expected
from kbtool.checks.probe.run import Report, probe
from kbtool.checks.probe.wire import Origin, Wire, origin

__all__ = ["Expected", "Origin", "Report", "Wire", "origin", "probe"]
