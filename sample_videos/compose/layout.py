"""The street in metres: what is where. Pictures, zones and truth are all computed from this."""

from __future__ import annotations

from dataclasses import dataclass

from sample_videos.compose.camera import Point

KERB_Y = -3.9
"""The pavement runs from the door line (Y = 0) to the kerb."""
ROAD_Z = -0.13
LEFT_X, RIGHT_X = -9.5, 13.0


@dataclass(frozen=True)
class Shop:
    """One bay of the row of shops."""

    code: str
    name: str
    small: str
    left_x: float
    right_x: float
    ground: Point
    ink: Point
    awning: Point | None
    heavy: bool = False

    @property
    def middle_x(self) -> float:
        """Middle of its front."""
        return (self.left_x + self.right_x) / 2


FRUIT = Shop("BS-0101", "阿明水果", "新鲜水果 · 当季时令 · 送货上门", -7.3, -3.6, (52, 116, 40), (235, 250, 250), (58, 120, 52), True)
HARDWARE = Shop("BS-0102", "顺意五金", "水暖 电料 油漆 工具 配钥匙", -3.6, 0.1, (150, 74, 34), (240, 245, 245), None)
NOODLES = Shop("BS-0103", "老陈面馆", "汤面 拌面 小笼 现做现卖", 0.1, 3.8, (34, 38, 150), (120, 220, 250), (48, 52, 158), True)
SHOPS = (FRUIT, HARDWARE, NOODLES)

PERMITTED = (0.5, 2.9, -1.75, -0.12)
"""外摆位 of the noodle shop: X from, X to, Y from, Y to."""
BIN_AT = (3.15, -3.52)
PLANTER = (5.0, 6.5, -0.62, -0.08)
TREE_AT = (7.2, -3.4)
POLE_AT = (-3.75, -3.6)
