"""Rules: a pure fold over observations, zones, shops and settings. No pixels, no files, no clock."""

from pipeline.rules.engine import RuleEngine, replay, rule_version

__all__ = ["RuleEngine", "replay", "rule_version"]
