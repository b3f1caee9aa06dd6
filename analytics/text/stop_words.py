"""Words that hold a sentence together and say nothing about what it is about.

Simplified and in small letters, as texts are folded. Words of praise and blame are not here:
“slow” and “太慢” are what people want to see.
"""

_CHINESE = """
的 了 是 在 和 与 及 或 而 且 并 但 却 就 也 都 还 又 再 才 只 很 太 更 最 挺 蛮 颇 极 较 比较
非常 十分 特别 相当 有点 有些 一点 一些 一下 一直 一般 一样 一定 一起 一次 一个 一种 一家 一天
两个 几个 第一次 不 没 没有 别 不是 不会 不能 不要 不想 不到 不过 不但 不仅 不管 不如 不知
不知道 无 未 勿 非 有 会 能 要 可以 可能 可 应该 应 该 得 必须 需要 想 想要 愿意 希望 觉得 感觉
认为 以为 知道 说 说是 讲 告诉 看 看到 看看 看来 看着 发现 听 听说 问 来 去 到 上 下 里 外 中
内 前 后 左 右 间 旁 边 起 起来 出来 出去 进去 进来 过来 过去 下来 下去 上去 上来 回来 我 我们
你 你们 您 他 她 它 他们 她们 它们 咱 咱们 自己 自家 本人 人家 别人 大家 大家好 各位 有人 谁
什么 啥 怎么 怎样 怎么样 怎么回事 如何 为何 为什么 哪 哪里 哪儿 哪个 哪些 多少 几 何时 这 这个
这些 这样 这么 这种 这次 这里 这儿 这是 这家 这边 此 此次 那 那个 那些 那样 那么 那种 那里 那儿
那是 那边 某 某些 各 各种 每 每个 每次 每天 其 其他 其它 其中 其实 另 另外 另一个 任何 所有 全
全部 整个 把 被 给 让 使 叫 由 用 使用 以 为 为了 对 对于 关于 至于 向 往 从 自 自从 跟 同 随
按 按照 根据 通过 经过 除了 除 比 像 好像 如 如同 如此 似乎 当 当时 当然 于 于是 因 因为 因此
所以 由于 既 既然 虽 虽然 虽说 尽管 即使 就算 哪怕 如果 要是 假如 的话 只要 只有 只是 只能 无论
除非 否则 然而 可是 但是 而且 并且 况且 何况 还是 或者 还有 以及 甚至 甚至于 然后 接着 后来
以后 之后 以前 之前 最后 最近 目前 现在 今天 昨天 明天 今年 去年 明年 当天 第二天 早上 上午
中午 下午 晚上 时 时候 时间 年 月 日 号 天 点 点钟 分 刚 刚刚 刚才 已 已经 曾 曾经 正 正在 将
将要 快要 马上 立刻 立即 赶紧 总 总是 总之 老 老是 常 常常 经常 往往 有时 有时候 偶尔 从来 从不
永远 终于 居然 竟然 竟 果然 原来 本来 本 其次 首先 先 真 真的 真是 真心 确实 的确 实在 完全
绝对 肯定 大概 大约 左右 也许 或许 估计 恐怕 几乎 差不多 基本 基本上 主要 总体 总体来说
总的来说 来说 来讲 而言 方面 情况 问题 东西 地方 事 事情 样 样子 种 类 个 条 件 张 次 位 台 部
家 块 元 块钱 份 双 套 些 点儿 会儿 一会 一会儿 半 多 少 许多 很多 好多 好几 不少 大 小 太大
太小 高 低 长 短 新 旧 做 弄 搞 干 打 拿 放 进 出 走 过 着 地 之 者 所 等 等等 吧 吗 呢 啊 呀
哦 哈 哈哈 呵呵 嘿 嗯 唉 哎 喔 哇 啦 嘛 喽 咯 哟 噢 额 呃 么 罢了 而已 似的 以上 以下 以内 以外
之间 之类 上面 下面 里面 外面 前面 后面 旁边 附近 这时 那时 此时 同时 结果 反正 其余 包括 例如
比如 比方 譬如 是否 是不是 有没有 能不能 会不会 还要 还会 还能 还可以 也是 也有 也不 也没 都是
都有 都不 都没 都没有 就是 就会 就要 就能 就有 就不 才能 再也 再说 又是 又有 可不 没什么 没法
没办法 无法 不了 不得 不得不 不用 不必 不行 不可 不够 开始 继续 进行 作为 成为 属于 变成 具有
存在 出现 发生 表示 所谓 有关 相关 相应 以来 一方面 零 一 二 两 三 四 五 六 七 八 九 十 百 千
万 亿 请 请问 谢谢 您好 你好 麻烦 亲 嗯嗯 呵 啊啊 就是说 换句话说
"""

_ENGLISH = """
dear regards sincerely
a about above after again against all almost already also although always am among an and
another any anybody anyone anything are aren't around as at away back be because been before
being below between both but by came can can't cannot could couldn't did didn't do does doesn't
doing don't done down during each either else enough especially etc even ever every everybody
everyone everything few for from further get gets getting give given go goes going gone got had
hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself hi hello
him himself his how how's however i i'd i'll i'm i've if in instead into is isn't it it'd it'll
it's its itself just keep kind know less let let's like likely lot lots made make makes making
many may maybe me might mightn't mine more most much must mustn't my myself near need needs
neither never no nobody none nor not nothing now of off often oh ok okay on once one ones only
onto or other others otherwise ought our ours ourselves out over own per perhaps please put
quite rather re really said same say says see seem seems seen several shall shan't she she'd
she'll she's should shouldn't since so some somebody someone something sometimes somewhere soon
still such sure take taken than thank thanks that that'd that'll that's the their theirs them
themselves then there there's these they they'd they'll they're they've thing things think this
those though through thus to today together told too took toward towards tried try trying two
under until up upon us use used using usually ve very via want wanted wants was wasn't way we
we'd we'll we're we've well went were weren't what what's whatever when when's where where's
whether which while who who's whom whose why why's will with within without won't would
wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves im ive dont cant
didnt doesnt isnt wont youre thats u ur pls plz amp gt lt http https www com rt s t d m ll
"""

CHINESE = frozenset(_CHINESE.split())
ENGLISH = frozenset(_ENGLISH.split())
STOP_WORDS = CHINESE | ENGLISH
