module headgate.dev/toolchain/pause

go 1.25.11
