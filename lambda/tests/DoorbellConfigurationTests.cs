namespace Doorbell.Tests;

public sealed class DoorbellConfigurationTests
{
    [Fact]
    public void Only_the_job_must_be_named() =>
        Read(("GLUE_JOB_NAME", "job")).Should().Be(new DoorbellConfiguration("job", LogKeys: false, "CdcPipeline"));

    [Fact]
    public void Every_variable_is_read() =>
        Read(("GLUE_JOB_NAME", "job"), ("LOG_KEYS", "true"), ("METRIC_NAMESPACE", "Shop")).Should().Be(
            new DoorbellConfiguration("job", LogKeys: true, "Shop"));

    [Theory]
    [InlineData("GLUE_JOB_NAME", "")]
    [InlineData("GLUE_JOB_NAME", " job")]
    [InlineData("LOG_KEYS", "yes")]
    [InlineData("METRIC_NAMESPACE", "AWS/Lambda")]
    public void A_wrong_value_is_refused_by_the_variables_name(string name, string value)
    {
        var reading = () => Read(name == "GLUE_JOB_NAME" ? [(name, value)] : [("GLUE_JOB_NAME", "job"), (name, value)]);
        reading.Should().Throw<InvalidOperationException>().WithMessage($"*{name}*");
    }

    private static DoorbellConfiguration Read(params (string Name, string Value)[] variables) => DoorbellConfiguration.Read(
        name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
