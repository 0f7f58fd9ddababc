# SPDX-License-Identifier: Apache-2.0
"""Pure rules of seals. 《办法》 in comments: 驻马店市电子印章管理暂行办法 (zhu-zheng-ban-2020-57-07)."""
