//! The command line as its users meet it: what it prints, what it leaves behind, how it ends.

mod cli {
    mod colour;
    mod command;
    mod compare;
    mod explain;
    mod folder;
    #[cfg(unix)]
    mod interrupt;
    mod lessons;
    mod limits;
    mod machine;
    mod mutation;
    #[cfg(unix)]
    mod pipe;
    mod shipped;
    mod strange;
    mod transcripts;
}
