"""Words by which the machine begins to tell the usual categories apart, in both languages."""

SEED_WORDS = {
    "product-quality": (
        "坏了, 故障, 漏水, 异响, 开裂, 断电, 质量问题, 不工作, 没反应, 死机, 破损, 生锈, 失灵,"
        " broken, defect, defective, faulty, leaks, stopped working, does not work, cracked"
    ),
    "product-feature": (
        "建议, 希望增加, 能不能加, 新功能, 支持一下, 如果可以, 最好能, 期待,"
        " feature, suggestion, would be great, please add, could you add, wish, support for"
    ),
    "product-usability": (
        "不好用, 难用, 看不懂, 说明书, 操作复杂, 找不到, 不会用, 太麻烦, 字太小, 按键,"
        " confusing, hard to use, complicated, manual, instructions, cannot find, unclear, clumsy"
    ),
    "service-delivery": (
        "物流, 快递, 发货, 送货, 配送, 包裹, 没收到, 送到, 签收, 延误, 单号,"
        " delivery, shipping, shipped, courier, parcel, package, tracking, not arrived, late"
    ),
    "service-installation": (
        "安装, 维修, 师傅, 上门, 预约, 装机, 修理, 售后, 保修, 换件,"
        " installation, install, fitter, technician, repair, appointment, warranty, engineer"
    ),
    "service-refund": (
        "退款, 退货, 换货, 退钱, 退回, 赔偿, 取消订单, 扣款, 到账, 七天无理由,"
        " refund, return, exchange, money back, cancel my order, charged twice, reimbursement"
    ),
    "service-attitude": (
        "态度, 不耐烦, 敷衍, 骂人, 没礼貌, 推诿, 挂电话, 不理人, 语气,"
        " rude, attitude, impolite, unfriendly, ignored, hung up, dismissive, disrespectful"
    ),
    "experience-praise": (
        "谢谢, 感谢, 点赞, 表扬, 非常满意, 很好, 太棒了, 贴心, 耐心, 五星,"
        " thank you, thanks, great, excellent, wonderful, very helpful, well done, amazing, love"
    ),
    "experience-price": (
        "价格, 太贵, 优惠, 优惠券, 促销, 折扣, 降价, 差价, 保价, 满减, 活动价,"
        " price, expensive, discount, coupon, offer, sale, cheaper, promotion, price match"
    ),
    "experience-app": (
        "网站, 小程序, 登录, 闪退, 页面, 密码, 验证码, 卡顿, 加载, 打不开, 更新,"
        " app, website, login, log in, password, crash, page, loading, checkout, verification code"
    ),
}
