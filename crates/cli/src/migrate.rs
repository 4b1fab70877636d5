//! `xiaobao migrate`: brings the database to this program's version.

use clap::Args;

use crate::data::Place;

/// Which database to bring to this program's version.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    place: Place,
}

/// Opens the database, which migrates it.
pub fn run(args: MigrateArgs) -> anyhow::Result<()> {
    let db = args.place.open_database()?;
    db.close();
    println!("数据库 {} 已是本程序的版本。", args.place.database()?);
    Ok(())
}
