//! 对外发布 (catalogue 11.2): what is said to media or published, and how far its approval is.

use crate::keyed::keyed;

keyed! {
    /// How something is said outside.
    pub enum StatementKind:
    /// 接受采访.
    Interview = "interview", "接受媒体采访";
    /// 提供信息.
    Material = "material", "向媒体提供信息";
    /// 自行发布: on the bureau's own site, account or board.
    Publication = "publication", "自行发布";
    /// 公开讲话.
    Talk = "talk", "公开场合讲话";
}

keyed! {
    /// How far it is.
    pub enum StatementState:
    /// 待批准.
    Proposed = "proposed", "等批准";
    /// 已批准: it may be said.
    Approved = "approved", "已批准";
    /// 不批准.
    Refused = "refused", "不批准";
    /// 已发布: it was said.
    Published = "published", "已发布";
    /// 已撤回: whoever proposed it took it back.
    Withdrawn = "withdrawn", "已撤回";
}
