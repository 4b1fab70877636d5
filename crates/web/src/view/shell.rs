//! What every page has around it: the header, the ways to go, who is working.

use super::notice::Notice;
use super::text::phone_link;
use crate::redirect::query_value;

/// The address of an asset: see [`crate::assets::url`].
pub fn asset(name: &str) -> String {
    crate::assets::url(name)
}

/// The frame of a public page. A page struct has it as `page` and extends `layout_citizen.html`.
#[derive(Clone, Debug, Default)]
pub struct CitizenPage {
    /// The bureau's name, such as `二七区市场监督管理局`.
    pub bureau: String,
    /// Another number to call beside 12315, or empty.
    pub phone: String,
    /// Large type (适老化).
    pub large_type: bool,
    /// The path and query of this page, to which the switch of type size returns.
    pub here: String,
    /// What has just happened.
    pub notice: Option<Notice>,
}

impl CitizenPage {
    /// Where the switch of type size leads: `/type-size?size=large&back=…`.
    pub fn type_size_address(&self) -> String {
        let size = if self.large_type { "normal" } else { "large" };
        format!("/type-size?size={size}&back={}", query_value(&self.here))
    }

    /// The bureau's name in parts between which a line may end: the place, and what the bureau is.
    pub fn bureau_parts(&self) -> Vec<&str> {
        let place = self.bureau.find("市场监督管理").filter(|at| *at > 0);
        place.map_or_else(|| vec![self.bureau.as_str()], |at| <[&str; 2]>::from(self.bureau.split_at(at)).to_vec())
    }

    /// The address of the bureau's own number.
    pub fn phone_href(&self) -> String {
        phone_link(&self.phone)
    }
}

/// The parts of the workbench.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// 待办
    #[default]
    Queue,
    /// 登记
    Register,
    /// 案件
    Cases,
    /// 经营者
    Operators,
    /// 统计
    Statistics,
    /// 管理
    Administration,
    /// 身份密库: the sealed identities.
    Identities,
    /// None of them: login, a person's own settings.
    Elsewhere,
}

impl Section {
    /// Where it begins.
    pub fn href(self) -> &'static str {
        match self {
            Self::Queue => "/desk",
            Self::Register => "/desk/register",
            Self::Cases => "/desk/cases",
            Self::Operators => "/desk/operators",
            Self::Statistics => "/desk/statistics",
            Self::Administration => "/admin",
            Self::Identities => "/desk/identities",
            Self::Elsewhere => "/",
        }
    }

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Queue => "待办",
            Self::Register => "登记",
            Self::Cases => "案件",
            Self::Operators => "经营者",
            Self::Statistics => "统计",
            Self::Administration => "管理",
            Self::Identities => "密库",
            Self::Elsewhere => "",
        }
    }

    /// The second key of `g …` that goes there.
    pub fn key(self) -> &'static str {
        match self {
            Self::Queue => "q",
            Self::Register => "r",
            Self::Cases => "c",
            Self::Operators => "o",
            Self::Statistics => "s",
            Self::Administration => "a",
            Self::Identities => "i",
            Self::Elsewhere => "",
        }
    }
}

/// A view in the column at the left.
#[derive(Clone, Debug, Default)]
pub struct SideLink {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many are in it, or nothing.
    pub count: Option<i64>,
    /// Whether it is being looked at.
    pub current: bool,
    /// Whether the count is of things that are overdue.
    pub alarming: bool,
}

/// Views under a heading; the heading may be empty.
#[derive(Clone, Debug, Default)]
pub struct SideGroup {
    /// The heading.
    pub title: String,
    /// The views.
    pub links: Vec<SideLink>,
}

/// The frame of a page of the workbench. A page struct has it as `page` and extends `layout_desk.html`.
#[derive(Clone, Debug, Default)]
pub struct DeskPage {
    /// The person's name.
    pub person: String,
    /// Her organisation, short: `城关所`.
    pub office: String,
    /// Which part this is.
    pub section: Section,
    /// The parts she may enter, in order.
    pub sections: Vec<Section>,
    /// What stands in the search box.
    pub search: String,
    /// The column at the left; without groups there is no column.
    pub side: Vec<SideGroup>,
    /// What has just happened.
    pub notice: Option<Notice>,
}

impl DeskPage {
    /// Whether there is anything for her to search: only who may enter the cases finds any.
    pub fn searches(&self) -> bool {
        self.sections.contains(&Section::Cases)
    }
}

/// The frame of a paper. A page struct has it as `page` and extends `layout_print.html`.
#[derive(Clone, Debug, Default)]
pub struct PrintPage {
    /// The title: `投诉受理决定书`.
    pub title: String,
    /// The number line: `（二七）市监投受〔2026〕391号`, or empty.
    pub number: String,
    /// Where the screen goes back to.
    pub back: String,
}

#[cfg(test)]
mod tests {
    use super::CitizenPage;

    #[test]
    fn a_bureaus_name_ends_its_line_after_the_place() {
        let parts = |name: &str| CitizenPage { bureau: name.to_owned(), ..CitizenPage::default() };
        assert_eq!(parts("郑州市二七区市场监督管理局").bureau_parts(), ["郑州市二七区", "市场监督管理局"]);
        assert_eq!(parts("市场监督管理局").bureau_parts(), ["市场监督管理局"]);
        assert_eq!(parts("12315 中心").bureau_parts(), ["12315 中心"]);
    }
}
