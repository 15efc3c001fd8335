"""The eyes: what is in a look. Nothing heavy is imported before a model is loaded."""

from pipeline.detectors.fetch import fetch_model
from pipeline.detectors.loading import LoadedDetectors, load_detectors
from pipeline.detectors.model_card import ModelCard, hash_weights, load_card, verify_model

__all__ = ["LoadedDetectors", "ModelCard", "fetch_model", "hash_weights", "load_card", "load_detectors", "verify_model"]
