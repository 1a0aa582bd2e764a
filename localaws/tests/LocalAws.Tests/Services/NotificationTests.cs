using System.Text;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.S3;

namespace LocalAws.Tests.Services;

public sealed class NotificationTests
{
    [Theory]
    [InlineData("raw/public/orders/LOAD00000001.parquet", true)]
    [InlineData("raw/public/orders/LOAD00000001.csv", false)]
    [InlineData("other/LOAD00000001.parquet", false)]
    public void Prefix_and_suffix_are_matched_on_the_decoded_key(string key, bool matches) =>
        Parse(Rule("raw/", ".parquet")).Rules.Single().Matches("ObjectCreated:Put", key).Should().Be(matches);

    [Fact]
    public void A_wildcard_event_covers_multipart_uploads_and_not_removals()
    {
        var rule = Parse(Rule("", "")).Rules.Single();
        rule.Matches("ObjectCreated:CompleteMultipartUpload", "k").Should().BeTrue();
        rule.Matches("ObjectRemoved:Delete", "k").Should().BeFalse();
    }

    [Fact]
    public void Rules_that_one_object_could_match_are_refused()
    {
        var parsing = () => Parse(Rule("raw/", "") + Rule("raw/public/", ""));
        parsing.Should().Throw<AwsException>().Which.Code.Should().Be("InvalidArgument");
    }

    [Fact]
    public void Rules_of_different_folders_stand_side_by_side() =>
        Parse(Rule("raw/a/", "") + Rule("raw/b/", "")).Rules.Should().HaveCount(2);

    [Fact]
    public void Keys_in_events_are_form_encoded_and_sequencers_grow()
    {
        var sequencer = new Sequencer(TimeProvider.System);
        ObjectEvent Event() => new(
            new AwsScope("123456789012", "us-east-1"),
            "ObjectCreated:Put",
            "b",
            "a b/c@d=e+f",
            1,
            "etag",
            null,
            sequencer.Next(),
            DateTimeOffset.UnixEpoch);
        var (first, second) = (Event(), Event());
        // What AWS recorded: a blank is '+', '@' is %40, '/' stays.
        first.ToNotification("id")["Records"]![0]!["s3"]!["object"]!["key"]!.GetValue<string>().Should().Be("a+b/c%40d%3De%2Bf");
        string.CompareOrdinal(first.Sequence, second.Sequence).Should().BeNegative();
    }

    private static NotificationConfiguration Parse(string rules) =>
        NotificationConfiguration.Parse(
            Encoding.UTF8.GetBytes(
                $"<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{rules}</NotificationConfiguration>"));

    private static string Rule(string prefix, string suffix) => $"""
        <CloudFunctionConfiguration>
          <CloudFunction>arn:aws:lambda:us-east-1:123456789012:function:f</CloudFunction>
          <Event>s3:ObjectCreated:*</Event>
          <Filter><S3Key>
            <FilterRule><Name>prefix</Name><Value>{prefix}</Value></FilterRule>
            <FilterRule><Name>suffix</Name><Value>{suffix}</Value></FilterRule>
          </S3Key></Filter>
        </CloudFunctionConfiguration>
        """;
}
