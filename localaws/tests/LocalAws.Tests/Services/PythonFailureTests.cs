using LocalAws.Services.Glue;

namespace LocalAws.Tests.Services;

public sealed class PythonFailureTests
{
    [Theory]
    [InlineData("KeyError: 'a'")]
    [InlineData("cdc.errors.TablesFailedError: 1 table(s) failed")]
    public void A_line_that_names_an_exception_is_the_runs_message(string line) => PythonFailure.Find(line).Should().Be(line);

    [Theory]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("  File \"job.py\", line 1")]
    [InlineData("During handling")]
    [InlineData("WARN something")]
    [InlineData("Errors: none")]
    public void Output_without_an_exception_has_no_message(string line) => PythonFailure.Find(line).Should().BeNull();
}
