# SPDX-License-Identifier: Apache-2.0
"""Invented names. Surnames and characters are common ones; nobody real is meant."""

from __future__ import annotations

from random import Random

from yiwang.kernel.ids import Sex

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_COMMON = 12  # the first so many surnames are half of all people
_MALE = "伟强军磊洋勇杰涛超明刚平辉鹏飞波斌宇浩凯健俊帆帅旭宁龙林欢胜学祥才发武新利清国建文海东志成永"
_FEMALE = "芳娜敏静丽艳娟霞秀英兰燕红梅玲丹萍莉婷雪慧倩颖琳洁云莲真环爱妹凤春菊琴瑞香月莺媛佳嘉琼勤珍"
_MIDDLE = "文志建国海永德金玉春晓小俊天思雨子梓嘉家明秀素新庆保广中长立振宏耀景培荣"

TRADES = {
    "餐饮": ("面馆", "烩面馆", "早餐店", "火锅店", "小吃店", "饭庄", "胡辣汤店", "烧烤店"),
    "零售": ("超市", "百货店", "水果店", "粮油店", "文具店", "五金店"),
    "服务": ("理发店", "汽修部", "洗衣店", "图文店", "家政服务部"),
    "制造": ("食品厂", "木业", "机械", "纺织", "包装"),
    "农业": ("种植", "养殖", "农机服务", "蔬菜"),
}
"""Trade → what such a firm calls itself."""

SCOPES = {
    "餐饮": "餐饮服务；小餐饮",
    "零售": "日用百货销售；食品销售（仅销售预包装食品）",
    "服务": "居民日常生活服务",
    "制造": "食品生产；机械零件、零部件加工",
    "农业": "农产品的生产、销售、加工、运输、贮藏",
}
"""Trade → the business scope on its licence."""

_BRANDS = "顺福祥和兴盛源泰丰达鑫瑞华恒宏广安康乐美佳天中嘉禾金永"


def surname(dice: Random) -> str:
    """A surname; a dozen of them make half of all people, as in life."""
    return dice.choice(SURNAMES[:_COMMON] if dice.random() < 0.5 else SURNAMES)


def given_name(dice: Random, sex: Sex) -> str:
    """A given name of one or two characters."""
    last = dice.choice(_MALE if sex is Sex.MALE else _FEMALE)
    return last if dice.random() < 0.3 else dice.choice(_MIDDLE) + last


def brand(dice: Random) -> str:
    """Two characters a firm calls itself by."""
    return "".join(dice.sample(_BRANDS, 2))
