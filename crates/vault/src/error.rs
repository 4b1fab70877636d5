//! Why something could not be sealed or opened. No variant carries a secret.

/// Why something could not be sealed or opened. `Display` is the sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The password is not the one under which the key lies.
    #[error("密码不对，打不开密钥。请重新输入，注意大小写。")]
    WrongPassword,
    /// Changed after it was sealed, moved from another place, or sealed to another key: the three cannot be told apart.
    #[error("密文打不开：不是封存给这把密钥的，或者保存后被改动过。")]
    DoesNotOpen,
    /// Not bytes that this crate wrote.
    #[error("密文或密钥的格式不对，可能没有保存完整。")]
    Malformed,
    /// An algorithm suite that this program does not know.
    #[error("密文使用了本程序不认识的算法组（编号 {0}），请升级程序。")]
    UnknownSuite(u8),
    /// Costs for locking a key that argon2id refuses.
    #[error("口令派生参数不合适。")]
    Cost,
    /// How many holders and how many of them are needed.
    #[error("托管人数和所需人数不合适：所需人数至少 2 人，不超过托管人数，托管人数最多 20 人。")]
    Holders,
    /// A line of a share was mistyped.
    #[error("第 {line} 行有错字或漏字，请对照纸上的内容重新输入这一行。")]
    ShareTypo {
        /// Counted from 1.
        line: usize,
    },
    /// A share has more or fewer characters.
    #[error("一份密钥有 4 行，每行 20 个字母和数字；现在一共是 {got} 个，请核对有没有漏行。")]
    ShareLength {
        /// Letters and digits that were typed.
        got: usize,
    },
    /// The same share came twice.
    #[error("第 {number} 份输入了两次，请换另一位托管人的那一份。")]
    ShareTwice {
        /// Its number.
        number: u8,
    },
    /// Shares of different ceremonies.
    #[error("第 {number} 份不是这把托管密钥的，可能是以前换下来的旧份。")]
    ShareForeign {
        /// Its number.
        number: u8,
    },
    /// Not enough shares.
    #[error("还差 {missing} 份。")]
    SharesMissing {
        /// So many more.
        missing: usize,
    },
}
