module pomona.example/sdk

go 1.19
