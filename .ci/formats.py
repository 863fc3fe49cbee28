"""Reads what `check --out` wrote with the receivers' own parsers. Needs prometheus-client and junitparser; run by .ci/run."""

import sys
from pathlib import Path

from junitparser import JUnitXml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

report = Path(sys.argv[1])
families = list(text_string_to_metric_families((report / "metrics.txt").read_text()))
samples = [sample for family in families for sample in family.samples]
assert any(sample.name == "split_advisor_source_lines" for sample in samples), samples
suites = JUnitXml.fromfile(str(report / "junit.xml"))
cases = [case for suite in suites for case in suite]
assert cases and suites.tests == len(cases), (suites.tests, len(cases))
print(f"{len(families)} families of {len(samples)} samples, {len(cases)} tests")
