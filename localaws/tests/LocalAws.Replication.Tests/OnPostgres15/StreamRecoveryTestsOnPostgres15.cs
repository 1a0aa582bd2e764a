using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests.OnPostgres15;

[Collection(Stack15Collection.Name)]
public sealed class StreamRecoveryTestsOnPostgres15(Stack15 stack) : StreamRecoveryTests(stack);
