"""The classes of the street model, and what COCO's classes are to it."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.types import Role

CLASSES = ("person", "goods", "table", "chair", "rack_or_sign", "stall", "canopy", "two_wheeler", "tricycle", "vehicle")
"""In the order of the model's outputs."""

COCO_CLASSES: Mapping[str, str] = {
    "person": "person",
    "dining table": "table",
    "chair": "chair",
    "umbrella": "canopy",
    "bicycle": "two_wheeler",
    "motorcycle": "two_wheeler",
    "car": "vehicle",
    "bus": "vehicle",
    "truck": "vehicle",
}
"""COCO class -> ours: labels are read by it, and the new head begins with the mean of these rows."""

COCO_MAYBE: Mapping[str, str] = dict.fromkeys(
    ("backpack", "handbag", "suitcase", "banana", "apple", "orange", "broccoli", "carrot", "bottle", "potted plant"), "goods"
) | {"couch": "chair", "bench": "chair", "train": "vehicle"}
"""COCO class -> ours, where such a thing may or may not be one: there, that class is not judged in training."""

COCO_ALL = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant"),
    *("stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"),
    *("backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat"),
    *("baseball glove", "skateboard", "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl"),
    *("banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch"),
    *("potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave"),
    *("oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush"),
)
"""COCO's 80 classes in the order in which labels and models number them."""

ROLES: Mapping[str, Role] = {
    "person": Role.PERSON,
    "goods": Role.GOODS,
    "table": Role.FURNITURE,
    "chair": Role.FURNITURE,
    "rack_or_sign": Role.FURNITURE,
    "stall": Role.STALL,
    "canopy": Role.CANOPY,
    "two_wheeler": Role.VEHICLE,
    "tricycle": Role.VEHICLE,
    "vehicle": Role.VEHICLE,
}
"""What a thing of each class means for the rules: what goes into the card."""
