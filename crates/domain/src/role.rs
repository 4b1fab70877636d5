//! Who works in a 12315 centre (catalogue 1.3).

use crate::keyed::keyed;

keyed! {
    /// What a person may do; held at one organisation and reaching what lies under it.
    pub enum Role:
    /// 坐席/登记员: takes calls and visits, registers.
    IntakeAgent = "intake_agent", "坐席（登记员）";
    /// 值班长: leads a shift of agents.
    ShiftLead = "shift_lead", "值班长";
    /// 值班局长: the director on duty.
    DutyDirector = "duty_director", "值班局长";
    /// 分送员: decides acceptance at the centre and sends cases to the body with jurisdiction.
    Dispatcher = "dispatcher", "分送员";
    /// 承办人: handles and mediates.
    Officer = "officer", "承办人";
    /// 审批领导: signs; at an office also names the two officers.
    Leader = "leader", "审批领导";
    /// 统计员: makes and files the returns.
    Statistician = "statistician", "统计员";
    /// 档案员: keeps the closed files.
    Archivist = "archivist", "档案员";
    /// 联络员: a service station's liaison.
    StationLiaison = "station_liaison", "服务站联络员";
    /// 联系人: the office's contact for its stations.
    StationContact = "station_contact", "服务站联系人";
    /// 纪检人员: reads and answers complaints against the bureau's own staff; nobody else does, and it reads nothing else.
    Discipline = "discipline", "纪检人员";
    /// 身份保管人: keeps the sealed identities of the bureau's reporters, at least two people a bureau; sees no other file.
    IdentityCustodian = "identity_custodian", "身份保管人";
    /// 系统管理员: accounts, organisations, calendar; gives nobody a role, sees no case and no record of access.
    Administrator = "administrator", "系统管理员";
    /// 安全管理员: gives and takes roles and ends lock-outs; makes no account, sees no case and no record of access.
    SecurityAdministrator = "security_administrator", "安全管理员";
    /// 审计管理员: reads every record of access and the seals, changes nothing.
    Auditor = "auditor", "审计管理员";
}

impl Role {
    /// Whether the role sends reports on or decides on them; anybody else reads one only when it is given to her (O121 art. 37).
    pub fn directs_reports(self) -> bool {
        matches!(self, Role::Dispatcher | Role::ShiftLead | Role::DutyDirector | Role::Leader)
    }

    /// Whether it is one of the three offices apart (三员分立, GB/T 22239-2019 8.1.5): whoever holds one holds nothing else.
    pub fn stands_apart(self) -> bool {
        matches!(self, Role::Administrator | Role::SecurityAdministrator | Role::Auditor)
    }

    /// Whether the role's work needs the files of ordinary cases at all. Administrators and liaisons do without (least
    /// privilege, 1.4); discipline officers have only what concerns the bureau's own staff, custodians only identities.
    pub fn reads_cases(self) -> bool {
        !matches!(
            self,
            Role::Administrator
                | Role::SecurityAdministrator
                | Role::StationLiaison
                | Role::StationContact
                | Role::Discipline
                | Role::IdentityCustodian
        )
    }
}
