using LocalAws.Services.Athena;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalAws.Tests.Services;

public sealed class EngineSessionTests
{
    [Theory]
    [InlineData("{broken")]
    [InlineData("{}")]
    [InlineData("{\"id\":7}")]
    [InlineData("{\"id\":\"nobody's\"}")]
    [InlineData("a warning of Java")]
    public void A_line_that_is_no_answer_is_passed_over(string line)
    {
        var session = new EngineSession(NullLogger.Instance);

        session.OnLine(line);
        session.OnLine("{\"ready\":true}");

        session.Ready.IsCompletedSuccessfully.Should().BeTrue();
    }
}
