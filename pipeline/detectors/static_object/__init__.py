"""The static eye: what has been put down and stays, whatever it is."""

from pipeline.detectors.static_object.detector import StaticObjectDetector

__all__ = ["StaticObjectDetector"]
