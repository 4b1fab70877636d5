//! `xiaobao verify`: every case's state is what its events add up to, and no event was changed, taken out or put in.

use anyhow::bail;
use clap::Args;

use crate::data::Place;
use crate::simulate::run;

/// What to verify.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    place: Place,
}

/// Verifies; names the first case that is wrong.
pub fn run(args: VerifyArgs) -> anyhow::Result<()> {
    let installation = args.place.open()?;
    match run::verify(&installation.db) {
        Ok(cases) => println!("{cases} 件案件的办理记录完整，与现在的状态一致，每个期限都有依据。"),
        Err(wrong) => bail!("发现问题：{wrong}"),
    }
    Ok(())
}
