"""A browser takes its time, more so on a busy machine; under pytest alone, a bench's runner knows no time limit."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.timeout(1200))
