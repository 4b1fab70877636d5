//! Writes every part and every sample page to HTML files that a browser opens without a server:
//! `cargo run -p xiaobao-web --example gallery -- target/gallery`.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned()));
    fs::create_dir_all(folder.join("assets"))?;
    for name in web::assets::names() {
        if let Some(bytes) = web::assets::content(&name) {
            fs::write(folder.join("assets").join(&name), bytes)?;
        }
    }
    for (name, html) in web::view::samples::all() {
        let mut html = html.map_err(io::Error::other)?;
        for asset in web::assets::names() {
            html = html.replace(&web::assets::url(&asset), &format!("assets/{asset}"));
        }
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    println!("{}", folder.display());
    Ok(())
}
