-- Every policy of the house that is computed, by hand, the way somebody who knows DuckDB would write it: read
-- from definitions/*/policies one after the other, none of it made by the compiler it is held against.
-- Of each policy the reason (0: fits; n: condition n does not hold; -n: it is not known; 1000: gives way to a
-- higher one of its group) and, where there is money in it, the fen. Amounts and facts are never below zero.
COPY (
WITH firms AS (
  SELECT *,
    企业规模 IN ('中型', '小型', '微型') AS sme,
    企业规模 IN ('小型', '微型') AS small,
    -- the awards of groups of which only the highest is given
    CASE WHEN 区域总部来自何种物流企业 IN ('全国物流50强', '货运代理物流100强') THEN 200000000 ELSE 0 END AS hq,
    CASE WHEN 是否新晋国家级示范物流园区 THEN 300000000 ELSE 0 END AS park,
    CASE WHEN 新引进或创建的中心 IN ('国家工程技术中心', '国家重点实验室', '国家企业技术中心')
      THEN 30000000 ELSE 0 END AS centre,
    CASE 当年新获批企业研发平台级别 WHEN '国家级' THEN 30000000 WHEN '省级' THEN 10000000 ELSE 0 END AS platform
  FROM '{data}')
SELECT id,

-- 2018: cross-border commerce
CASE WHEN NOT 是否本地注册独立法人 THEN 1 WHEN 代运营服务企业数 < 5 THEN 2 WHEN NOT 是否实现海关统计的跨境出口 THEN 3
  WHEN 是否本地注册独立法人 IS NULL THEN -1 WHEN 代运营服务企业数 IS NULL THEN -2
  WHEN 是否实现海关统计的跨境出口 IS NULL THEN -3 WHEN 跨境出口比原实绩增加额 IS NULL THEN -4
  WHEN 跨境出口比原实绩增加额 < 200000 THEN 4 ELSE 0 END AS "cross-border-agency-operation.reason",
CASE WHEN NOT 是否本地注册独立法人 OR 代运营服务企业数 < 5 OR NOT 是否实现海关统计的跨境出口 THEN 0
  WHEN 是否本地注册独立法人 AND 代运营服务企业数 >= 5 AND 是否实现海关统计的跨境出口 AND 跨境出口比原实绩增加额 IS NOT NULL
  THEN least((跨境出口比原实绩增加额 * 100)::BIGINT // 20000000 * 1000000, 50000000)
  END AS "cross-border-agency-operation.fen",
CASE WHEN NOT 是否本地注册独立法人 THEN 1 WHEN NOT 是否本市货代或多式联运企业 THEN 2
  WHEN 是否本地注册独立法人 IS NULL THEN -1 WHEN 是否本市货代或多式联运企业 IS NULL THEN -2
  WHEN 年进出口运费总额 IS NULL THEN -3 WHEN 年进出口运费总额 < 0.03 THEN 3 ELSE 0 END AS "cross-border-freight.reason",
CASE WHEN NOT 是否本地注册独立法人 OR NOT 是否本市货代或多式联运企业 THEN 0
  WHEN 是否本地注册独立法人 AND 是否本市货代或多式联运企业 AND 年进出口运费总额 IS NOT NULL
  THEN least((年进出口运费总额 * 20)::BIGINT, 50000000) END AS "cross-border-freight.fen",
CASE WHEN NOT 是否本地注册独立法人 THEN 1 WHEN 国际线路每周班次 < 1 THEN 2 WHEN 国际线路连续运行月数 < 6 THEN 3
  WHEN 是否本地注册独立法人 IS NULL THEN -1 WHEN 国际线路每周班次 IS NULL THEN -2
  WHEN 国际线路连续运行月数 IS NULL THEN -3 ELSE 0 END AS "cross-border-line.reason",
CASE WHEN NOT 是否本地注册独立法人 OR 国际线路每周班次 < 1 OR 国际线路连续运行月数 < 6 THEN 0
  WHEN 是否本地注册独立法人 AND 国际线路每周班次 >= 1 AND 国际线路连续运行月数 >= 6 THEN 100000000
  END AS "cross-border-line.fen",
CASE WHEN NOT 是否本地注册独立法人 THEN 1 WHEN NOT 是否有支付许可且总部在本市 THEN 2 WHEN 上年线上支付总额 <= 30000000 THEN 3
  WHEN 是否本地注册独立法人 IS NULL THEN -1 WHEN 是否有支付许可且总部在本市 IS NULL THEN -2
  WHEN 上年线上支付总额 IS NULL THEN -3 ELSE 0 END AS "cross-border-payment.reason",
CASE WHEN NOT 是否本地注册独立法人 OR NOT 是否有支付许可且总部在本市 OR 上年线上支付总额 <= 30000000 THEN 0
  WHEN 是否本地注册独立法人 AND 是否有支付许可且总部在本市
  THEN CASE WHEN 上年线上支付总额 < 60000000 THEN 30000000 WHEN 上年线上支付总额 >= 60000000 THEN 50000000 END
  END AS "cross-border-payment.fen",
CASE WHEN NOT 是否本地注册独立法人 THEN 1 WHEN NOT 是否综合服务平台 THEN 2 WHEN 跨境服务企业数 < 15 THEN 3
  WHEN 服务企业进出口总额 < 3000000 THEN 4 WHEN 是否本地注册独立法人 IS NULL THEN -1
  WHEN 是否综合服务平台 IS NULL THEN -2 WHEN 跨境服务企业数 IS NULL THEN -3
  WHEN 服务企业进出口总额 IS NULL THEN -4 ELSE 0 END AS "cross-border-platform-award.reason",
CASE WHEN NOT 是否本地注册独立法人 OR NOT 是否综合服务平台 OR 跨境服务企业数 < 15 OR 服务企业进出口总额 < 3000000 THEN 0
  WHEN 是否本地注册独立法人 AND 是否综合服务平台 AND 跨境服务企业数 >= 15
  THEN CASE WHEN 服务企业进出口总额 <= 5000000 THEN 10000000 WHEN 服务企业进出口总额 <= 10000000 THEN 30000000
    WHEN 服务企业进出口总额 IS NOT NULL THEN 50000000 END END AS "cross-border-platform-award.fen",
CASE WHEN NOT 是否本地注册独立法人 THEN 1 WHEN NOT 是否入驻市电商产业园区的跨境平台 THEN 2 WHEN 入驻园区第几年 > 3 THEN 3
  WHEN 是否本地注册独立法人 IS NULL THEN -1 WHEN 是否入驻市电商产业园区的跨境平台 IS NULL THEN -2
  WHEN 入驻园区第几年 IS NULL THEN -3 WHEN 园区年租金 IS NULL THEN -4 WHEN 园区年租金 = 0 THEN 4
  ELSE 0 END AS "cross-border-rent.reason",
CASE WHEN NOT 是否本地注册独立法人 OR NOT 是否入驻市电商产业园区的跨境平台 OR 入驻园区第几年 > 3 THEN 0
  WHEN 是否本地注册独立法人 AND 是否入驻市电商产业园区的跨境平台 AND 入驻园区第几年 <= 3
  THEN (园区年租金 * 100)::BIGINT END AS "cross-border-rent.fen",
CASE WHEN NOT 是否本地注册独立法人 THEN 1 WHEN NOT 是否跨境电商培训机构 THEN 2 WHEN 每期培训天数 < 1 THEN 3
  WHEN 每期培训人数 < 20 THEN 4 WHEN 是否本地注册独立法人 IS NULL THEN -1 WHEN 是否跨境电商培训机构 IS NULL THEN -2
  WHEN 每期培训天数 IS NULL THEN -3 WHEN 每期培训人数 IS NULL THEN -4
  WHEN 全年实际培训费用 IS NULL OR 跨境培训已领扶持资金 IS NULL THEN -5
  WHEN 全年实际培训费用 < 0.03 OR 跨境培训已领扶持资金 >= 200000 THEN 5 ELSE 0 END AS "cross-border-training.reason",
CASE WHEN NOT 是否本地注册独立法人 OR NOT 是否跨境电商培训机构 OR 每期培训天数 < 1 OR 每期培训人数 < 20 THEN 0
  WHEN 是否本地注册独立法人 AND 是否跨境电商培训机构 AND 每期培训天数 >= 1 AND 每期培训人数 >= 20
    AND 全年实际培训费用 IS NOT NULL AND 跨境培训已领扶持资金 IS NOT NULL
  THEN greatest(least((全年实际培训费用 * 20)::BIGINT, 10000000, 20000000 - (跨境培训已领扶持资金 * 100)::BIGINT), 0)
  END AS "cross-border-training.fen",

-- 2018: centre economy, electronic commerce, people
CASE WHEN 新引进或创建的中心 != '院士工作站' THEN 1 WHEN 新引进或创建的中心 IS NULL THEN -1
  WHEN 是否当年新获批院士工作站 THEN 1000 ELSE 0 END AS "hub-academician-station-award.reason",
CASE WHEN 新引进或创建的中心 != '院士工作站' THEN 0
  WHEN 新引进或创建的中心 IS NOT NULL THEN CASE WHEN 是否当年新获批院士工作站 THEN 0 ELSE 30000000 END
  END AS "hub-academician-station-award.fen",
CASE WHEN 新引进或创建的中心 IS NULL THEN -1 WHEN centre = 0 THEN 1 WHEN platform >= centre THEN 1000
  ELSE 0 END AS "hub-national-centre-award.reason",
CASE WHEN 新引进或创建的中心 IS NULL THEN NULL WHEN platform >= centre THEN 0 ELSE centre
  END AS "hub-national-centre-award.fen",
CASE WHEN 新获批国家级中心个数 = 0 THEN 1 WHEN 新获批国家级中心个数 IS NULL THEN -1
  ELSE 0 END AS "hub-national-centre-department-award.reason",
(新获批国家级中心个数 * 10000000)::BIGINT AS "hub-national-centre-department-award.fen",
CASE WHEN NOT 是否中心经济新入驻项目 THEN 1 WHEN 中心经济项目总投资额 < 1000000000 THEN 2
  WHEN 是否中心经济新入驻项目 IS NULL THEN -1 WHEN 中心经济项目总投资额 IS NULL THEN -2
  ELSE 0 END AS "hub-new-project-award.reason",
CASE WHEN NOT 是否中心经济新入驻项目 OR 中心经济项目总投资额 < 1000000000 THEN 0
  WHEN 是否中心经济新入驻项目
  THEN CASE WHEN 中心经济项目总投资额 < 2000000000 THEN 1000000000 WHEN 中心经济项目总投资额 < 3000000000 THEN 2000000000
    WHEN 中心经济项目总投资额 < 5000000000 THEN 3000000000 WHEN 中心经济项目总投资额 < 10000000000 THEN 7000000000
    WHEN 中心经济项目总投资额 IS NOT NULL THEN 15000000000 END END AS "hub-new-project-award.fen",
CASE WHEN NOT 是否中心经济企业 THEN 1 WHEN 年技术转让所得 = 0 THEN 2 WHEN 是否中心经济企业 IS NULL THEN -1
  WHEN 年技术转让所得 IS NULL THEN -2 ELSE 0 END AS "hub-technology-transfer-tax.reason",
CASE WHEN NOT 是否中心经济企业 OR 年技术转让所得 = 0 THEN 0
  WHEN 是否中心经济企业
  THEN CASE WHEN 年技术转让所得 <= 5000000 THEN (年技术转让所得 * 100)::BIGINT
    ELSE (年技术转让所得 * 50)::BIGINT + 250000000 END END AS "hub-technology-transfer-tax.fen",
CASE WHEN 电子商务示范基地级别 = '不是' THEN 1 WHEN 电子商务示范基地级别 IS NULL THEN -1
  ELSE 0 END AS "ecommerce-demonstration-base-award.reason",
CASE 电子商务示范基地级别 WHEN '国家级' THEN 100000000 WHEN '省级' THEN 50000000 WHEN '市级' THEN 20000000 WHEN '不是' THEN 0
  END AS "ecommerce-demonstration-base-award.fen",
CASE WHEN 电子商务示范企业级别 = '不是' THEN 1 WHEN 电子商务示范企业级别 IS NULL THEN -1
  ELSE 0 END AS "ecommerce-demonstration-firm-award.reason",
CASE 电子商务示范企业级别 WHEN '国家级' THEN 20000000 WHEN '省级' THEN 10000000 WHEN '市级' THEN 5000000 WHEN '不是' THEN 0
  END AS "ecommerce-demonstration-firm-award.fen",
CASE WHEN NOT 是否实际运营并纳税满一年 THEN 1 WHEN NOT 是否网上营业额首次突破 THEN 2 WHEN 年底网上营业额 <= 10000000 THEN 3
  WHEN 是否实际运营并纳税满一年 IS NULL THEN -1 WHEN 是否网上营业额首次突破 IS NULL THEN -2
  WHEN 年底网上营业额 IS NULL THEN -3 ELSE 0 END AS "ecommerce-first-turnover-award.reason",
CASE WHEN NOT 是否通过平台灵活就业 THEN 1
  WHEN NOT (是否就业困难人员 OR (是否高校毕业生 AND 离校月数 <= 12)) THEN 2
  WHEN 是否通过平台灵活就业 IS NULL THEN -1
  WHEN (是否就业困难人员 OR (是否高校毕业生 AND 离校月数 <= 12)) IS NULL THEN -2
  ELSE 0 END AS "sharing-worker-insurance-subsidy.reason",
CASE WHEN NOT 是否规培合格或注册全科 THEN 1 WHEN 全科医生现有职称 != '中级' THEN 2 WHEN 农村基层连续工作年数 < 10 THEN 3
  WHEN 是否规培合格或注册全科 IS NULL THEN -1 WHEN 全科医生现有职称 IS NULL THEN -2
  WHEN 农村基层连续工作年数 IS NULL THEN -3 ELSE 0 END AS "gp-vice-senior-title.reason",
CASE WHEN NOT 是否在洁净型煤补贴区域 THEN 1 WHEN 全年购买洁净型煤吨数 = 0 THEN 2 WHEN 是否在洁净型煤补贴区域 IS NULL THEN -1
  WHEN 全年购买洁净型煤吨数 IS NULL THEN -2 WHEN 家庭人数 IS NULL THEN -3
  WHEN 家庭人数 = 0 OR 全年购买洁净型煤吨数 * 200 < 0.005 THEN 3 ELSE 0 END AS "clean-coal-subsidy.reason",
CASE WHEN NOT 是否在洁净型煤补贴区域 OR 全年购买洁净型煤吨数 = 0 THEN 0
  WHEN 是否在洁净型煤补贴区域 AND 全年购买洁净型煤吨数 > 0 AND 家庭人数 IS NOT NULL
  THEN (least(全年购买洁净型煤吨数, 家庭人数 * 0.1, 0.5) * 20000)::BIGINT END AS "clean-coal-subsidy.fen",

-- 2020: finance and tax
CASE WHEN NOT small THEN 1 WHEN 票据金额 > 5000000 THEN 2 WHEN small IS NULL THEN -1 WHEN 票据金额 IS NULL THEN -2
  ELSE 0 END AS "small-bill-discount.reason",
CASE WHEN NOT small THEN 1 WHEN 单户授信金额 > 10000000 THEN 2 WHEN small IS NULL THEN -1
  WHEN 单户授信金额 IS NULL THEN -2 ELSE 0 END AS "inclusive-credit-collateral.reason",
CASE WHEN NOT small THEN 1 WHEN 单户担保金额 > 5000000 THEN 2 WHEN small IS NULL THEN -1
  WHEN 单户担保金额 IS NULL THEN -2 ELSE 0 END AS "guarantee-fee-small.reason",
CASE WHEN NOT small THEN 1 WHEN 单户担保金额 <= 5000000 THEN 2 WHEN small IS NULL THEN -1
  WHEN 单户担保金额 IS NULL THEN -2 ELSE 0 END AS "guarantee-fee-large.reason",
CASE WHEN NOT 是否发放贷款的金融机构 THEN 1 WHEN 普惠小微贷款不良率 > 各项贷款不良率 + 3 THEN 2
  WHEN 是否发放贷款的金融机构 IS NULL THEN -1 WHEN 普惠小微贷款不良率 IS NULL OR 各项贷款不良率 IS NULL THEN -2
  ELSE 0 END AS "inclusive-loan-npl-tolerance.reason",
CASE WHEN NOT 是否发放贷款的金融机构 THEN 1 WHEN 借款人类别 = '其他' THEN 2 WHEN 单户授信金额 > 10000000 THEN 3
  WHEN 是否发放贷款的金融机构 IS NULL THEN -1 WHEN 借款人类别 IS NULL THEN -2 WHEN 单户授信金额 IS NULL THEN -3
  ELSE 0 END AS "inclusive-interest-vat.reason",
CASE WHEN NOT sme THEN 1 WHEN NOT 是否受疫情影响严重困难 THEN 2 WHEN sme IS NULL THEN -1
  WHEN 是否受疫情影响严重困难 IS NULL THEN -2 ELSE 0 END AS "social-insurance-deferral.reason",
CASE WHEN NOT sme THEN 1 WHEN sme IS NULL THEN -1 ELSE 0 END AS "procurement-reserve.reason",
CASE WHEN NOT small THEN 1 WHEN small IS NULL THEN -1 ELSE 0 END AS "procurement-price-deduction.reason",
CASE WHEN 科技企业类别 != '科技型中小企业' THEN 1 WHEN 科技企业类别 IS NULL THEN -1 WHEN 研发费用 IS NULL THEN -2
  WHEN 研发费用 = 0 THEN 2 ELSE 0 END AS "research-super-deduction.reason",
CASE WHEN 科技企业类别 != '科技型中小企业' THEN 0 WHEN 科技企业类别 IS NOT NULL THEN (研发费用 * 75)::BIGINT
  END AS "research-super-deduction.fen",
CASE WHEN NOT small THEN 1 WHEN 上缴工会经费 = 0 THEN 2 WHEN small IS NULL THEN -1 WHEN 上缴工会经费 IS NULL THEN -2
  ELSE 0 END AS "union-fee-refund.reason",
CASE WHEN NOT small OR 上缴工会经费 = 0 THEN 0 WHEN small THEN (上缴工会经费 * 100)::BIGINT END AS "union-fee-refund.fen",
CASE WHEN 用电类别 NOT IN ('一般工商业', '大工业') THEN 1 WHEN 用电类别 IS NULL THEN -1 WHEN 降价前电费 IS NULL THEN -2
  WHEN 降价前电费 < 0.1 THEN 2 ELSE 0 END AS "power-price-cut.reason",
CASE WHEN 用电类别 NOT IN ('一般工商业', '大工业') THEN 0 WHEN 用电类别 IS NOT NULL THEN (降价前电费 * 5)::BIGINT
  END AS "power-price-cut.fen",
CASE WHEN NOT 是否物流企业自有或承租仓储用地 THEN 1 WHEN 是否物流企业自有或承租仓储用地 IS NULL THEN -1
  WHEN 大宗商品仓储用地面积 IS NULL OR 土地等级适用税额标准 IS NULL THEN -2
  WHEN 大宗商品仓储用地面积::DECIMAL(19, 4) * 土地等级适用税额标准 < 0.01 THEN 2 ELSE 0 END AS "storage-land-tax.reason",
CASE WHEN NOT 是否物流企业自有或承租仓储用地 THEN 0
  WHEN 是否物流企业自有或承租仓储用地 THEN (大宗商品仓储用地面积::DECIMAL(19, 4) * 土地等级适用税额标准 * 50)::BIGINT
  END AS "storage-land-tax.fen",

-- 2020: small and medium firms, investment
CASE WHEN 科技企业类别 = '都不是' THEN 1 WHEN 科技企业类别 IS NULL THEN -1 WHEN 共享仪器服务费用 IS NULL THEN -2
  WHEN 共享仪器服务费用 < 0.02 THEN 2 ELSE 0 END AS "instrument-sharing-subsidy.reason",
CASE WHEN 科技企业类别 = '都不是' THEN 0 WHEN 科技企业类别 IS NOT NULL THEN (共享仪器服务费用 * 30)::BIGINT
  END AS "instrument-sharing-subsidy.fen",
CASE WHEN NOT 是否重点成果转化项目 THEN 1 WHEN 是否重点成果转化项目 IS NULL THEN -1 ELSE 0 END AS "result-transfer-grant.reason",
CASE WHEN 是否重点成果转化项目 THEN 50000000 WHEN NOT 是否重点成果转化项目 THEN 0 END AS "result-transfer-grant.fen",
CASE WHEN NOT 是否社会发展或专利产业化项目 THEN 1 WHEN 是否社会发展或专利产业化项目 IS NULL THEN -1
  ELSE 0 END AS "social-result-transfer-grant.reason",
CASE WHEN 是否社会发展或专利产业化项目 THEN 30000000 WHEN NOT 是否社会发展或专利产业化项目 THEN 0
  END AS "social-result-transfer-grant.fen",
CASE WHEN NOT 是否已投保的首台套产品 THEN 1 WHEN 是否已投保的首台套产品 IS NULL THEN -1
  WHEN 首台套保险费 IS NULL OR 首台套保险金额 IS NULL THEN -2
  WHEN least(首台套保险费, 首台套保险金额 * 0.03) * 0.8 < 0.005 THEN 2 ELSE 0 END AS "first-set-premium-province.reason",
CASE WHEN NOT 是否已投保的首台套产品 THEN 0
  WHEN 是否已投保的首台套产品 AND 首台套保险费 IS NOT NULL AND 首台套保险金额 IS NOT NULL
  THEN (least(首台套保险费, 首台套保险金额 * 0.03)::DECIMAL(16, 4) * 80)::BIGINT END AS "first-set-premium-province.fen",
CASE WHEN NOT 是否已投保的首台套产品 THEN 1 WHEN 首台套省级奖励额 = 0 THEN 2 WHEN 是否已投保的首台套产品 IS NULL THEN -1
  WHEN 首台套省级奖励额 IS NULL THEN -2 WHEN 首台套省级奖励额 < 0.05 THEN 3 ELSE 0 END AS "first-set-award-city.reason",
CASE WHEN NOT 是否已投保的首台套产品 OR 首台套省级奖励额 = 0 THEN 0
  WHEN 是否已投保的首台套产品 THEN (首台套省级奖励额 * 10)::BIGINT END AS "first-set-award-city.fen",
CASE WHEN NOT sme THEN 1 WHEN NOT 是否上云企业 THEN 2 WHEN sme IS NULL THEN -1 WHEN 是否上云企业 IS NULL THEN -2
  ELSE 0 END AS "cloud-firm-reward.reason",
CASE WHEN NOT sme OR NOT 是否上云企业 THEN 0 WHEN sme AND 是否上云企业 THEN 1000000 END AS "cloud-firm-reward.fen",
CASE WHEN NOT sme THEN 1 WHEN 使用云资源第几年 != 1 THEN 2 WHEN sme IS NULL THEN -1 WHEN 使用云资源第几年 IS NULL THEN -2
  WHEN 云资源年费 IS NULL THEN -3 WHEN 云资源年费 = 0 THEN 3 ELSE 0 END AS "cloud-first-year-free.reason",
CASE WHEN NOT sme OR 使用云资源第几年 != 1 THEN 0 WHEN sme AND 使用云资源第几年 = 1 THEN (云资源年费 * 100)::BIGINT
  END AS "cloud-first-year-free.fen",
CASE WHEN NOT 是否云平台服务商 THEN 1 WHEN 云服务合同额 = 0 THEN 2 WHEN 是否云平台服务商 IS NULL THEN -1
  WHEN 云服务合同额 IS NULL THEN -2 ELSE 0 END AS "cloud-provider-reward.reason",
CASE WHEN NOT 是否云平台服务商 OR 云服务合同额 = 0 THEN 0 WHEN 是否云平台服务商 AND 云服务合同额 > 0 THEN 1000000
  END AS "cloud-provider-reward.fen",
CASE WHEN 省级智能工厂或车间 = '都不是' THEN 1 WHEN 省级智能工厂或车间 IS NULL THEN -1 ELSE 0 END AS "smart-factory-reward.reason",
CASE 省级智能工厂或车间 WHEN '智能工厂' THEN 20000000 WHEN '智能车间' THEN 10000000 WHEN '都不是' THEN 0
  END AS "smart-factory-reward.fen",
CASE WHEN 智能制造认定级别 = '没有' THEN 1 WHEN 智能制造认定级别 IS NULL THEN -1 ELSE 0 END AS "smart-manufacturing-reward.reason",
CASE 智能制造认定级别 WHEN '国家级' THEN 20000000 WHEN '省级' THEN 10000000 WHEN '没有' THEN 0
  END AS "smart-manufacturing-reward.fen",
CASE WHEN NOT 自建平台网上交易额是否首次突破 THEN 1 WHEN 自建平台网上交易额 <= 30000000 THEN 2
  WHEN 自建平台网上交易额是否首次突破 IS NULL THEN -1 WHEN 自建平台网上交易额 IS NULL THEN -2
  ELSE 0 END AS "own-platform-reward.reason",
CASE WHEN NOT 自建平台网上交易额是否首次突破 OR 自建平台网上交易额 <= 30000000 THEN 0
  WHEN 自建平台网上交易额是否首次突破
  THEN CASE WHEN 自建平台网上交易额 <= 50000000 THEN 20000000 WHEN 自建平台网上交易额 <= 100000000 THEN 30000000
    WHEN 自建平台网上交易额 IS NOT NULL THEN 50000000 END END AS "own-platform-reward.fen",
CASE WHEN 境外展会展位费 = 0 THEN 1 WHEN 境外展会展位费 IS NULL THEN -1 ELSE 0 END AS "foreign-fair-booths.reason",
(境外展会展位费 * 100)::BIGINT AS "foreign-fair-booths.fen",
CASE WHEN NOT 是否政府组织的市外境内展会 THEN 1 WHEN 展位个数 = 0 THEN 2 WHEN 是否政府组织的市外境内展会 IS NULL THEN -1
  WHEN 展位个数 IS NULL THEN -2 WHEN 单个展位费 IS NULL THEN -3 WHEN 单个展位费 = 0 THEN 3
  ELSE 0 END AS "domestic-fair-booths.reason",
CASE WHEN NOT 是否政府组织的市外境内展会 OR 展位个数 = 0 THEN 0
  WHEN 是否政府组织的市外境内展会 AND 展位个数 > 0 AND 单个展位费 IS NOT NULL
  THEN least((单个展位费 * 100)::BIGINT * CASE WHEN 展位个数 = 1 THEN 1 ELSE 2 END, 10000000)
  END AS "domestic-fair-booths.fen",
CASE WHEN NOT 是否新成立的新经济企业 THEN 1 WHEN 企业成立月数 > 24 THEN 2 WHEN 是否涉及违法犯罪或危害安全 THEN 3
  WHEN 是否新成立的新经济企业 IS NULL THEN -1 WHEN 企业成立月数 IS NULL THEN -2
  WHEN 是否涉及违法犯罪或危害安全 IS NULL THEN -3 ELSE 0 END AS "new-economy-tolerance.reason",
CASE WHEN 外资总部类别 = '都不是' THEN 1 WHEN 外资总部类别 IS NULL THEN -1 ELSE 0 END AS "foreign-headquarters-grant.reason",
CASE WHEN 外资总部类别 = '都不是' THEN 0 WHEN 外资总部类别 IS NOT NULL THEN 300000000 END AS "foreign-headquarters-grant.fen",

-- 2020: innovation and costs
CASE 当年新获批企业研发平台级别 WHEN '没有' THEN 1 WHEN '省级' THEN CASE WHEN centre > 0 THEN 1000 ELSE 0 END
  WHEN '国家级' THEN 0 ELSE -1 END AS "research-platform-reward.reason",
CASE WHEN 当年新获批企业研发平台级别 IS NULL THEN NULL WHEN centre > platform THEN 0 ELSE platform
  END AS "research-platform-reward.fen",
CASE WHEN NOT 是否当年新获批院士工作站 THEN 1 WHEN 是否当年新获批院士工作站 IS NULL THEN -1
  ELSE 0 END AS "academician-station-reward.reason",
CASE WHEN 是否当年新获批院士工作站 THEN 50000000 WHEN NOT 是否当年新获批院士工作站 THEN 0
  END AS "academician-station-reward.fen",
CASE WHEN NOT 是否当年新获批省级重大新型研发机构 THEN 1 WHEN 是否当年新获批省级重大新型研发机构 IS NULL THEN -1
  ELSE 0 END AS "provincial-research-body-reward.reason",
CASE WHEN 是否当年新获批省级重大新型研发机构 THEN 300000000 WHEN NOT 是否当年新获批省级重大新型研发机构 THEN 0
  END AS "provincial-research-body-reward.fen",
CASE WHEN NOT 是否在发达地区设立创新研究院 THEN 1 WHEN NOT 是否聚集一流研发团队 THEN 2
  WHEN 是否在发达地区设立创新研究院 IS NULL THEN -1 WHEN 是否聚集一流研发团队 IS NULL THEN -2
  ELSE 0 END AS "outside-institute-reward.reason",
CASE WHEN NOT 是否在发达地区设立创新研究院 OR NOT 是否聚集一流研发团队 THEN 0
  WHEN 是否在发达地区设立创新研究院 AND 是否聚集一流研发团队 THEN 300000000 END AS "outside-institute-reward.fen",
CASE WHEN NOT 技改项目是否符合规划并已达产验收 THEN 1 WHEN 技改项目总投资额 < 30000000 THEN 2
  WHEN 技改项目是否符合规划并已达产验收 IS NULL THEN -1 WHEN 技改项目总投资额 IS NULL THEN -2
  WHEN 技改设备研发软硬件实际投入 IS NULL THEN -3
  WHEN 技改设备研发软硬件实际投入 < CASE WHEN 技改项目总投资额 < 100000000 THEN 0.17 ELSE 0.10 END THEN 3
  ELSE 0 END AS "technical-upgrade-reward.reason",
CASE WHEN NOT 技改项目是否符合规划并已达产验收 OR 技改项目总投资额 < 30000000 THEN 0
  WHEN 技改项目是否符合规划并已达产验收
  THEN CASE WHEN 技改项目总投资额 < 100000000 THEN (技改设备研发软硬件实际投入 * 3)::BIGINT
    WHEN 技改项目总投资额 IS NOT NULL THEN (技改设备研发软硬件实际投入 * 5)::BIGINT END
  END AS "technical-upgrade-reward.fen",
CASE WHEN NOT 是否集约用地鼓励类工业项目 THEN 1 WHEN 是否集约用地鼓励类工业项目 IS NULL THEN -1
  WHEN 按最低价标准计的地价 IS NULL THEN -2 WHEN 按最低价标准计的地价 < 0.02 THEN 2 ELSE 0 END AS "intensive-land-price.reason",
CASE WHEN NOT 是否集约用地鼓励类工业项目 THEN 0 WHEN 是否集约用地鼓励类工业项目 THEN (按最低价标准计的地价 * 30)::BIGINT
  END AS "intensive-land-price.fen",
CASE WHEN NOT 是否上市挂牌或后备企业产业并购 THEN 1 WHEN 并购金额 = 0 THEN 2 WHEN 是否上市挂牌或后备企业产业并购 IS NULL THEN -1
  WHEN 并购金额 IS NULL THEN -2 ELSE 0 END AS "merger-reward.reason",
CASE WHEN NOT 是否上市挂牌或后备企业产业并购 OR 并购金额 = 0 THEN 0
  WHEN 是否上市挂牌或后备企业产业并购
  THEN CASE WHEN 并购金额 < 500000000 THEN 100000000 WHEN 并购金额 < 1000000000 THEN 200000000
    WHEN 并购金额 IS NOT NULL THEN 300000000 END END AS "merger-reward.fen",

-- 2020: charging
CASE WHEN NOT 是否直接报装的经营性集中式充换电设施 THEN 1 WHEN 是否直接报装的经营性集中式充换电设施 IS NULL THEN -1
  WHEN 每月基本电费 IS NULL THEN -2 WHEN 每月基本电费 = 0 THEN 2 ELSE 0 END AS "charging-basic-fee-waiver.reason",
CASE WHEN NOT 是否直接报装的经营性集中式充换电设施 THEN 0
  WHEN 是否直接报装的经营性集中式充换电设施 THEN (每月基本电费 * 100)::BIGINT END AS "charging-basic-fee-waiver.fen",
CASE WHEN 充电设施所在领域 NOT IN ('公交环卫物流通勤专用', '高速服务区国省道城际快速路') THEN 1
  WHEN 充电设施所在领域 IS NULL THEN -1 WHEN 充电主要设备投资额 IS NULL THEN -2 WHEN 充电主要设备投资额 < 0.02 THEN 2
  ELSE 0 END AS "charging-construction-dedicated.reason",
CASE WHEN 充电设施所在领域 NOT IN ('公交环卫物流通勤专用', '高速服务区国省道城际快速路') THEN 0
  WHEN 充电设施所在领域 IS NOT NULL THEN (充电主要设备投资额 * 40)::BIGINT END AS "charging-construction-dedicated.fen",
CASE WHEN 充电设施所在领域 != '其他公共' THEN 1 WHEN 充电总功率 < 600 AND 集中充电桩数 < 20 THEN 2
  WHEN 充电设施所在领域 IS NULL THEN -1 WHEN (充电总功率 >= 600 OR 集中充电桩数 >= 20) IS NULL THEN -2
  WHEN 充电主要设备投资额 IS NULL THEN -3 WHEN 充电主要设备投资额 < 0.02 THEN 3
  ELSE 0 END AS "charging-construction-public.reason",
CASE WHEN 充电设施所在领域 != '其他公共' OR (充电总功率 < 600 AND 集中充电桩数 < 20) THEN 0
  WHEN 充电设施所在领域 IS NOT NULL AND (充电总功率 >= 600 OR 集中充电桩数 >= 20) THEN (充电主要设备投资额 * 30)::BIGINT
  END AS "charging-construction-public.fen",
CASE WHEN NOT 充电设施是否验收合格 THEN 1 WHEN NOT 是否公共快充或按公共管理的分时共享 THEN 2 WHEN 月平均运行在线率 < 90 THEN 3
  WHEN 充电设施是否验收合格 IS NULL THEN -1 WHEN 是否公共快充或按公共管理的分时共享 IS NULL THEN -2
  WHEN 月平均运行在线率 IS NULL THEN -3 WHEN 单桩年充电量 IS NULL OR 建设奖补比例 IS NULL THEN -4
  WHEN 单桩年充电量 * CASE WHEN 建设奖补比例 >= 30 THEN 3 ELSE 5 END < 0.5 THEN 4 ELSE 0 END AS "charging-operation.reason",
CASE WHEN NOT 充电设施是否验收合格 OR NOT 是否公共快充或按公共管理的分时共享 OR 月平均运行在线率 < 90 THEN 0
  WHEN 充电设施是否验收合格 AND 是否公共快充或按公共管理的分时共享 AND 月平均运行在线率 >= 90
    AND 单桩年充电量 IS NOT NULL AND 建设奖补比例 IS NOT NULL
  THEN (least(单桩年充电量, 100000) * CASE WHEN 建设奖补比例 >= 30 THEN 3 ELSE 5 END)::BIGINT
  END AS "charging-operation.fen",
CASE WHEN 充电设施所在领域 != '高速服务区国省道城际快速路' THEN 1 WHEN NOT 充电设施是否验收合格 THEN 2
  WHEN 月平均运行在线率 < 95 THEN 3 WHEN 充电设施所在领域 IS NULL THEN -1 WHEN 充电设施是否验收合格 IS NULL THEN -2
  WHEN 月平均运行在线率 IS NULL THEN -3 WHEN 单桩年充电量 IS NULL THEN -4 WHEN 单桩年充电量 < 0.05 THEN 4
  ELSE 0 END AS "charging-operation-highway.reason",
CASE WHEN 充电设施所在领域 != '高速服务区国省道城际快速路' OR NOT 充电设施是否验收合格 OR 月平均运行在线率 < 95 THEN 0
  WHEN 充电设施所在领域 IS NOT NULL AND 充电设施是否验收合格 AND 月平均运行在线率 >= 95 THEN (单桩年充电量 * 10)::BIGINT
  END AS "charging-operation-highway.fen",
CASE WHEN 当年新增居民自用充电桩数 < 5000 THEN 1 WHEN 当年新增居民自用充电桩数 IS NULL THEN -1
  ELSE 0 END AS "private-piles-award.reason",
CASE WHEN 当年新增居民自用充电桩数 < 5000 THEN 0 WHEN 当年新增居民自用充电桩数 < 10000 THEN 100000000
  WHEN 当年新增居民自用充电桩数 < 20000 THEN 260000000 WHEN 当年新增居民自用充电桩数 IS NOT NULL THEN 600000000
  END AS "private-piles-award.fen",

-- 2022: logistics
CASE WHEN 所在物流枢纽 = '都不是' THEN 1 WHEN NOT 是否物流补短板项目 THEN 2 WHEN 物流项目总投资额 <= 50000000 THEN 3
  WHEN 所在物流枢纽 IS NULL THEN -1 WHEN 是否物流补短板项目 IS NULL THEN -2 WHEN 物流项目总投资额 IS NULL THEN -3
  ELSE 0 END AS "logistics-gap-filling-subsidy.reason",
CASE WHEN 所在物流枢纽 = '都不是' OR NOT 是否物流补短板项目 OR 物流项目总投资额 <= 50000000 THEN 0
  WHEN 所在物流枢纽 IS NOT NULL AND 是否物流补短板项目 AND 物流项目总投资额 > 50000000 THEN 500000000
  END AS "logistics-gap-filling-subsidy.fen",  -- three tenths of more than 50 million are always above the cap
CASE WHEN NOT 是否公共基础设施所得税优惠目录项目 THEN 1 WHEN 取得经营收入后第几个纳税年度 > 6 THEN 2
  WHEN 是否公共基础设施所得税优惠目录项目 IS NULL THEN -1 WHEN 取得经营收入后第几个纳税年度 IS NULL THEN -2
  WHEN 项目应纳企业所得税 IS NULL THEN -3
  WHEN 项目应纳企业所得税 = 0 THEN 3 ELSE 0 END AS "logistics-infrastructure-income-tax.reason",
CASE WHEN NOT 是否公共基础设施所得税优惠目录项目 OR 取得经营收入后第几个纳税年度 > 6 THEN 0
  WHEN 是否公共基础设施所得税优惠目录项目
  THEN CASE WHEN 取得经营收入后第几个纳税年度 <= 3 THEN (项目应纳企业所得税 * 100)::BIGINT
    WHEN 取得经营收入后第几个纳税年度 IS NOT NULL THEN (项目应纳企业所得税 * 50)::BIGINT END
  END AS "logistics-infrastructure-income-tax.fen",
CASE WHEN 区域总部来自何种物流企业 IS NULL THEN -1 WHEN hq = 0 THEN 1 WHEN park > hq THEN 1000
  ELSE 0 END AS "logistics-regional-headquarters.reason",
CASE WHEN 区域总部来自何种物流企业 IS NULL THEN NULL WHEN park > hq THEN 0 ELSE hq END AS "logistics-regional-headquarters.fen",
CASE WHEN NOT 是否新晋国家级示范物流园区 THEN 1 WHEN 是否新晋国家级示范物流园区 IS NULL THEN -1
  ELSE 0 END AS "logistics-demonstration-park.reason",
CASE WHEN 是否新晋国家级示范物流园区 IS NOT NULL THEN park END AS "logistics-demonstration-park.fen",
CASE WHEN NOT 是否新晋5A级物流企业 THEN 1 WHEN 是否新晋5A级物流企业 IS NULL THEN -1
  WHEN hq > 0 OR park > 0 THEN 1000 ELSE 0 END AS "logistics-5a-firm.reason",
CASE WHEN NOT 是否新晋5A级物流企业 THEN 0 WHEN 是否新晋5A级物流企业 THEN CASE WHEN hq > 0 OR park > 0 THEN 0 ELSE 50000000 END
  END AS "logistics-5a-firm.fen",
CASE WHEN NOT 是否考评达标的物流豫军企业 THEN 1 WHEN 是否考评达标的物流豫军企业 IS NULL THEN -1
  ELSE 0 END AS "logistics-yu-army-reward.reason",
CASE WHEN 是否考评达标的物流豫军企业 THEN 200000000 WHEN NOT 是否考评达标的物流豫军企业 THEN 0
  END AS "logistics-yu-army-reward.fen",
CASE WHEN NOT 是否新认定物流类高新技术企业 THEN 1 WHEN 是否新认定物流类高新技术企业 IS NULL THEN -1
  ELSE 0 END AS "logistics-high-tech-tax.reason",
CASE WHEN NOT 是否物流园区新建新能源货车充电站 THEN 1 WHEN 充电总功率 < 600 AND 集中充电桩数 < 20 THEN 2
  WHEN 是否物流园区新建新能源货车充电站 IS NULL THEN -1 WHEN (充电总功率 >= 600 OR 集中充电桩数 >= 20) IS NULL THEN -2
  WHEN 充电主要设备投资额 IS NULL THEN -3 WHEN 充电主要设备投资额 < 0.02 THEN 3
  ELSE 0 END AS "logistics-charging-station.reason",
CASE WHEN NOT 是否物流园区新建新能源货车充电站 OR (充电总功率 < 600 AND 集中充电桩数 < 20) THEN 0
  WHEN 是否物流园区新建新能源货车充电站 AND (充电总功率 >= 600 OR 集中充电桩数 >= 20) THEN (充电主要设备投资额 * 30)::BIGINT
  END AS "logistics-charging-station.fen",
CASE WHEN NOT 是否物流园区分布式光伏 THEN 1 WHEN 光伏规模 >= 6 THEN 2 WHEN 是否物流园区分布式光伏 IS NULL THEN -1
  WHEN 光伏规模 IS NULL THEN -2 ELSE 0 END AS "logistics-park-photovoltaic.reason",
CASE WHEN NOT 是否物流标准主要起草单位 THEN 1 WHEN 是否物流标准主要起草单位 IS NULL THEN -1
  ELSE 0 END AS "logistics-standard-reward.reason",
CASE WHEN 是否物流标准主要起草单位 THEN 500000000 WHEN NOT 是否物流标准主要起草单位 THEN 0
  END AS "logistics-standard-reward.fen",
CASE WHEN 配送车辆类别 = '其他' THEN 1 WHEN 是否附近有专用装卸区 THEN 2 WHEN NOT 是否交通条件允许停靠 THEN 3
  WHEN 停靠装卸分钟数 > 30 THEN 4 WHEN 配送车辆类别 IS NULL THEN -1 WHEN 是否附近有专用装卸区 IS NULL THEN -2
  WHEN 是否交通条件允许停靠 IS NULL THEN -3 WHEN 停靠装卸分钟数 IS NULL THEN -4 ELSE 0 END AS "delivery-kerb-stop.reason",
CASE WHEN NOT 是否铁路竞争性货物 THEN 1 WHEN 是否铁路竞争性货物 IS NULL THEN -1 WHEN 铁路运费 IS NULL THEN -2
  WHEN 铁路运费 < 0.02 THEN 2 ELSE 0 END AS "rail-freight-discount.reason",
CASE WHEN NOT 是否铁路竞争性货物 THEN 0 WHEN 是否铁路竞争性货物 THEN (铁路运费 * 30)::BIGINT END AS "rail-freight-discount.fen"
FROM firms) TO '{to}' (FORMAT parquet)
