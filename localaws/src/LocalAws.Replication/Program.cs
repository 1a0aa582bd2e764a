using LocalAws.Replication.Commands;
using LocalAws.Replication.Reporting;

// A replication task is a process: it reads its task from standard input, says on standard output what happens, and dies with its parent.
// Usage: replicator [test-connection | clean-up]
var time = TimeProvider.System;
var reporter = new Reporter(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = false }, time);
using var input = new StreamReader(Console.OpenStandardInput());
return args switch
{
    [] => await TaskCommand.RunAsync(input, reporter, time),
    ["test-connection"] => await ConnectionTestCommand.RunAsync(input, reporter),
    ["clean-up"] => await CleanUpCommand.RunAsync(input, reporter, time),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: replicator [test-connection | clean-up] < specification");
    return 2;
}
