//! `xiaobao init`: the tree of bureaus, centres and offices of a division.

use anyhow::anyhow;
use clap::Args;
use domain::region_code::RegionCode;

use crate::data::Place;

/// Which tree to make.
#[derive(Debug, Args)]
#[command(after_help = "可以重复执行：已有的机构（包括手工改过的）保持不变，只补缺的。")]
pub struct InitArgs {
    /// 省、市、县（区）的行政区划代码，例如 410000；000000 为全国
    #[arg(long, value_name = "CODE")]
    region: String,
    /// 在法定期限之外遵循的承诺时限：provincial 省级制度，platform 平台制度，none 不用
    #[arg(long, value_name = "KEY", default_value = "provincial")]
    overlay: String,
    #[command(flatten)]
    place: Place,
}

/// Makes it.
pub fn run(args: InitArgs) -> anyhow::Result<()> {
    let region = RegionCode::parse(&args.region).map_err(|error| anyhow!("{error}"))?;
    let overlay = Some(args.overlay).filter(|key| key != "none");
    let installation = args.place.open()?;
    let planted = installation
        .act(move |tx, scene| casework::organization_tree::plant(tx, scene, &region, overlay.as_deref()))?;
    println!(
        "新建局 {} 个、12315 中心 {} 个、市场监管所 {} 个；原有 {} 个机构保持不变。",
        planted.bureaus, planted.centres, planted.offices, planted.kept
    );
    println!(
        "下一步：xiaobao user add --login 登录名 --name 姓名 --role administrator 建立第一个系统管理员；安全管理员（security_administrator）和审计管理员（auditor）各用另外的账号。"
    );
    Ok(())
}
