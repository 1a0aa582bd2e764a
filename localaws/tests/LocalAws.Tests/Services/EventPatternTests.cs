using System.Text.Json.Nodes;
using LocalAws.Services.Events.Patterns;

namespace LocalAws.Tests.Services;

/// <summary>
/// The examples of AWS's documentation
/// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and
/// eb-event-patterns-content-based-filtering).
/// </summary>
public sealed class EventPatternTests
{
    private const string Ec2 = """
        {"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718",
         "detail-type":"EC2 Instance State-change Notification","source":"aws.ec2",
         "account":"111122223333","time":"2017-12-22T18:43:48Z","region":"us-west-1",
         "resources":["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0"],
         "detail":{"instance-id":"i-1234567890abcdef0","state":"terminated"}}
        """;

    [Theory]
    [InlineData("""{"source":["aws.ec2"]}""", true)]
    [InlineData("""{"source":["aws.ec2"],"detail":{"state":["terminated"]}}""", true)]
    [InlineData("""{"source":["aws.ec2"],"detail":{"state":["running","terminated"]}}""", true)]
    [InlineData("""{"source":["aws.ec2"],"detail":{"state":["running"]}}""", false)]
    [InlineData("""{"source":["aws.ec2"],"detail":{"missing":["terminated"]}}""", false)]
    [InlineData("""{"resources":["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0","other"]}""", true)]
    [InlineData("""{"resources":["other"]}""", false)]
    [InlineData("""{"time":[{"prefix":"2017-12-22"}]}""", true)]
    [InlineData("""{"time":[{"prefix":"2017-10-02"}]}""", false)]
    [InlineData("""{"detail":{"instance-id":[{"suffix":"def0"}]}}""", true)]
    public void Fields_are_all_wanted_and_of_each_list_one_value(string pattern, bool matches) => Match(pattern, Ec2).Should().Be(matches);

    [Theory]
    // Equality without regard to case, alone and of prefixes and suffixes.
    [InlineData(
        """{"detail-type":[{"equals-ignore-case":"ec2 instance state-change notification"}]}""",
        """{"detail-type":"EC2 Instance State-change Notification"}""",
        true)]
    [InlineData(
        """{"detail":{"service":[{"prefix":{"equals-ignore-case":"EventB"}}]}}""",
        """{"detail":{"service":"eventbridge"}}""",
        true)]
    [InlineData("""{"detail":{"service":[{"prefix":"EventB"}]}}""", """{"detail":{"service":"eventbridge"}}""", false)]
    [InlineData("""{"FileName":[{"suffix":".png"}]}""", """{"FileName":"a.png"}""", true)]
    [InlineData("""{"FileName":[{"suffix":{"equals-ignore-case":".png"}}]}""", """{"FileName":"a.PNG"}""", true)]
    [InlineData("""{"FileName":[{"suffix":".png"}]}""", """{"FileName":"a.PNG"}""", false)]
    // Anything but.
    [InlineData("""{"detail":{"state":[{"anything-but":"initializing"}]}}""", """{"detail":{"state":"running"}}""", true)]
    [InlineData("""{"detail":{"state":[{"anything-but":"initializing"}]}}""", """{"detail":{"state":"initializing"}}""", false)]
    [InlineData("""{"detail":{"state":[{"anything-but":"initializing"}]}}""", """{"detail":{"other":"running"}}""", false)]
    [InlineData("""{"detail":{"x-limit":[{"anything-but":123}]}}""", """{"detail":{"x-limit":124}}""", true)]
    [InlineData("""{"detail":{"x-limit":[{"anything-but":[100,200,300]}]}}""", """{"detail":{"x-limit":200}}""", false)]
    [InlineData("""{"detail":{"state":[{"anything-but":["stopped","overloaded"]}]}}""", """{"detail":{"state":"stopped"}}""", false)]
    [InlineData(
        """{"detail":{"state":[{"anything-but":{"equals-ignore-case":["initializing","stopped"]}}]}}""",
        """{"detail":{"state":"STOPPED"}}""",
        false)]
    [InlineData("""{"detail":{"state":[{"anything-but":{"prefix":"init"}}]}}""", """{"detail":{"state":"initializing"}}""", false)]
    [InlineData("""{"detail":{"state":[{"anything-but":{"prefix":["init","run"]}}]}}""", """{"detail":{"state":"stopped"}}""", true)]
    [InlineData("""{"detail":{"FileName":[{"anything-but":{"suffix":[".txt",".rtf"]}}]}}""", """{"detail":{"FileName":"a.rtf"}}""", false)]
    [InlineData("""{"detail":{"file":[{"anything-but":{"wildcard":"*/lib/*"}}]}}""", """{"detail":{"file":"/usr/lib/x"}}""", false)]
    // Numbers.
    [InlineData("""{"detail":{"c-count":[{"numeric":[">",0,"<=",5]}]}}""", """{"detail":{"c-count":5}}""", true)]
    [InlineData("""{"detail":{"c-count":[{"numeric":[">",0,"<=",5]}]}}""", """{"detail":{"c-count":0}}""", false)]
    [InlineData("""{"detail":{"d-count":[{"numeric":["<",10]}]}}""", """{"detail":{"d-count":9.99}}""", true)]
    [InlineData("""{"detail":{"x-limit":[{"numeric":["=",3.018e2]}]}}""", """{"detail":{"x-limit":301.8}}""", true)]
    [InlineData("""{"detail":{"c-count":[{"numeric":[">",0]}]}}""", """{"detail":{"c-count":"5"}}""", false)]
    [InlineData("""{"detail":{"count":[300]}}""", """{"detail":{"count":300.0}}""", true)]
    [InlineData("""{"detail":{"count":[300]}}""", """{"detail":{"count":"300"}}""", false)]
    // Addresses.
    [InlineData("""{"detail":{"sourceIPAddress":[{"cidr":"10.0.0.0/24"}]}}""", """{"detail":{"sourceIPAddress":"10.0.0.255"}}""", true)]
    [InlineData("""{"detail":{"sourceIPAddress":[{"cidr":"10.0.0.0/24"}]}}""", """{"detail":{"sourceIPAddress":"10.0.1.0"}}""", false)]
    // Existence: of leaves alone.
    [InlineData("""{"detail":{"state":[{"exists":true}]}}""", """{"detail":{"state":null}}""", true)]
    [InlineData("""{"detail":{"state":[{"exists":false}]}}""", """{"detail":{"state":"a"}}""", false)]
    [InlineData("""{"detail":{"state":[{"exists":false}]}}""", """{"detail":{"other":"a"}}""", true)]
    [InlineData("""{"detail":{"state":[{"exists":false}]}}""", """{"other":1}""", true)]
    [InlineData("""{"detail":{"state":[{"exists":true}]}}""", """{"detail":{"state":{"deep":1}}}""", false)]
    // Empty text, null, truth values.
    [InlineData("""{"detail":{"eventName":[""]}}""", """{"detail":{"eventName":""}}""", true)]
    [InlineData("""{"detail":{"responseElements":[null]}}""", """{"detail":{"responseElements":null}}""", true)]
    [InlineData("""{"detail":{"responseElements":[null]}}""", """{"detail":{"responseElements":""}}""", false)]
    [InlineData("""{"detail":{"on":[true]}}""", """{"detail":{"on":true}}""", true)]
    [InlineData("""{"detail":{"on":[true]}}""", """{"detail":{"on":false}}""", false)]
    [InlineData("""{"detail":{"on":[true]}}""", """{"detail":{"on":"true"}}""", false)]
    // Wildcards.
    [InlineData(
        """{"EventBusArn":[{"wildcard":"arn:aws:events:us-east-1:*:event-bus/*"}]}""",
        """{"EventBusArn":"arn:aws:events:us-east-1:1:event-bus/a"}""",
        true)]
    [InlineData("""{"FileName":[{"wildcard":"dir/*.png"}]}""", """{"FileName":"dir/a/b.png"}""", true)]
    [InlineData("""{"FileName":[{"wildcard":"dir/*.png"}]}""", """{"FileName":"dir/a.jpg"}""", false)]
    [InlineData("""{"FileName":[{"wildcard":"a*bc*c"}]}""", """{"FileName":"abc"}""", false)]
    [InlineData("""{"FileName":[{"wildcard":"a*bc*c"}]}""", """{"FileName":"axbcyc"}""", true)]
    [InlineData("""{"FileName":[{"wildcard":"\\*\\\\*"}]}""", """{"FileName":"*\\x"}""", true)]
    [InlineData("""{"FileName":[{"wildcard":"\\*x"}]}""", """{"FileName":"ax"}""", false)]
    // Several matchers, and alternatives of fields.
    [InlineData(
        """{"time":[{"prefix":"2017-10-02"}],"detail":{"state":[{"anything-but":"initializing"}],"""
        + """ "c-count":[{"numeric":[">",0,"<=",5]}],"d-count":[{"numeric":["<",10]}],"x-limit":[{"anything-but":[100,200,300]}]}}""",
        """{"time":"2017-10-02T09:00:00Z","detail":{"state":"running","c-count":1,"d-count":8,"x-limit":301.8}}""",
        true)]
    [InlineData(
        """{"detail":{"$or":[{"c-count":[{"numeric":[">",0,"<=",5]}]},{"d-count":[{"numeric":["<",10]}]},"""
        + """{"x-limit":[{"numeric":["=",3.018e2]}]}]}}""",
        """{"detail":{"c-count":9,"d-count":99,"x-limit":301.8}}""",
        true)]
    [InlineData(
        """{"detail":{"$or":[{"c-count":[{"numeric":[">",0,"<=",5]}]},{"d-count":[{"numeric":["<",10]}]}]}}""",
        """{"detail":{"c-count":9,"d-count":99}}""",
        false)]
    [InlineData("""{"source":["a"],"$or":[{"x":[1]},{"y":[2]}]}""", """{"source":"b","x":1}""", false)]
    // Of an array of objects one element matches as a whole.
    [InlineData("""{"detail":{"items":{"a":[1],"b":[2]}}}""", """{"detail":{"items":[{"a":1,"b":3},{"a":1,"b":2}]}}""", true)]
    [InlineData("""{"detail":{"items":{"a":[1],"b":[2]}}}""", """{"detail":{"items":[{"a":1,"b":3},{"a":4,"b":2}]}}""", false)]
    public void The_documented_operators_match_what_the_documentation_says(string pattern, string @event, bool matches) =>
        Match(pattern, @event).Should().Be(matches);

    [Theory]
    [InlineData("{}", "*at least one field*")]
    [InlineData("[]", "*object*")]
    [InlineData("{", "*not JSON*")]
    [InlineData("""{"source":"aws.ec2"}""", "*\"source\" must be an object or an array*")]
    [InlineData("""{"source":[]}""", "*Empty arrays*source*")]
    [InlineData("""{"detail":{}}""", "*Empty objects*detail*")]
    [InlineData("""{"detail":{"a":[{"like":"x"}]}}""", "*Unrecognized match type like at detail.a*")]
    [InlineData("""{"a":[{"prefix":7}]}""", "*operand of prefix*text*")]
    [InlineData("""{"a":[{"prefix":"x","suffix":"y"}]}""", "*Only one key*")]
    [InlineData("""{"a":[{"numeric":["~",1]}]}""", "*numeric*")]
    [InlineData("""{"a":[{"numeric":[">"]}]}""", "*numeric*")]
    [InlineData("""{"a":[{"wildcard":"a**b"}]}""", "*Consecutive wildcard*")]
    [InlineData("""{"a":[{"wildcard":"a\\b"}]}""", "*escape*")]
    [InlineData("""{"a":[{"anything-but":[]}]}""", "*anything-but*")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/99"}]}""", "*cidr*")]
    [InlineData("""{"a":[{"exists":"yes"}]}""", "*exists*")]
    public void A_document_that_is_no_pattern_says_what_is_wrong_and_where(string pattern, string message)
    {
        var reading = () => EventPattern.Parse(pattern);
        reading.Should().Throw<EventPatternException>().WithMessage(message);
    }

    private static bool Match(string pattern, string @event) => EventPattern.Parse(pattern).Matches((JsonObject)JsonNode.Parse(@event)!);
}
