"""The trades of the shops: what is written on the sign and what stands on the shelves behind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade. `key` is used in file names."""

    key: str
    line: str
    """The small line on the sign."""
    shelves: str
    """What the back wall shows: fruit, boxes, rails, bottles, drawers, mirrors, flowers, menu, tools or window."""
    poster: str
    """What the sheet on the door says."""


TRADES: dict[str, Trade] = {
    "水果": Trade("fruit", "新鲜水果 · 每日直送", "fruit", "今日特价"),
    "五金": Trade("hardware", "水电材料 · 锁具 · 管件", "tools", "配钥匙"),
    "餐饮": Trade("noodles", "面馆 · 馄饨 · 盖浇饭", "menu", "招牌牛肉面"),
    "服装": Trade("clothes", "男装 · 女装 · 童装", "rails", "换季清仓"),
    "便利店": Trade("convenience", "烟酒 · 饮料 · 粮油", "bottles", "冰镇饮料"),
    "药店": Trade("pharmacy", "中西成药 · 保健用品", "drawers", "代煎中药"),
    "理发": Trade("barber", "洗 · 剪 · 吹 · 烫 · 染", "mirrors", "剪发二十元"),
    "鲜花": Trade("flowers", "鲜花 · 绿植 · 花篮", "flowers", "节日花束"),
    "糕点": Trade("bakery", "现烤面包 · 生日蛋糕", "boxes", "新鲜出炉"),
    "蔬菜": Trade("vegetables", "时令蔬菜 · 豆制品", "fruit", "本地青菜"),
    "文具": Trade("stationery", "文具 · 打印 · 复印", "boxes", "复印两角"),
    "修理": Trade("repair", "电动车 · 自行车 · 配件", "tools", "补胎充气"),
    "茶叶": Trade("tea", "绿茶 · 红茶 · 茶具", "drawers", "新茶上市"),
    "家电": Trade("appliances", "家电 · 灯具 · 维修", "boxes", "以旧换新"),
    "洗衣": Trade("laundry", "干洗 · 水洗 · 织补", "rails", "取衣凭票"),
    "粮油": Trade("grain", "大米 · 面粉 · 食用油", "bottles", "新米到店"),
    "橱窗": Trade("window", "名品 · 时装", "window", "全场五折"),
}
"""By the Chinese word that a plan and the register of shops use."""
WINDOW = "橱窗"
"""A shop that shows its wares in a window to the street; on no plan, see chances.py."""
