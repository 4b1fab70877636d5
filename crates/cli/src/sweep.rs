//! `xiaobao sweep`: one sweep by hand, for installations whose server does not run all night.

use anyhow::anyhow;
use clap::Args;

use crate::data::{Place, now};

/// Which installation to sweep.
#[derive(Debug, Args)]
pub struct SweepArgs {
    #[command(flatten)]
    place: Place,
}

/// Sweeps once.
pub fn run(args: SweepArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    let holder = format!("sweep-{}", std::process::id());
    let swept = casework::sweep::sweep(&installation.db, &installation.house, &holder, now());
    let swept = swept.map_err(|error| anyhow!("{error}"))?;
    if swept.elsewhere {
        println!("另一个进程正在巡检，这次没有重复做。");
    } else {
        println!(
            "巡检完毕：提醒将到期 {} 项，新记逾期 {} 项，逾期未领的奖励 {} 件，清理过期登录 {} 个、草稿 {} 份。",
            swept.due, swept.overdue, swept.unclaimed, swept.sessions, swept.drafts
        );
    }
    Ok(())
}
