using FluentAssertions;
using LocalAws.Parquet.Tests.Headers;

namespace LocalAws.Parquet.Tests;

/// <summary>Compares the writer with the file that AWS DMS itself wrote (see conformance/parquet-2022).</summary>
public sealed class AwsFileTests
{
    private static readonly AwsFile Aws = AwsFile.Load();

    [Fact]
    public void The_same_ten_rows_and_settings_give_the_headers_and_the_footer_that_AWS_wrote()
    {
        var aws = FileHeaders.Read(Aws.Bytes);

        var ours = FileHeaders.Read(Rows.Write(AwsFile.Columns, Aws.Rows, AwsFile.Settings));

        ours.Pages.Select(page => page.Header.ToString()).Should().Equal(aws.Pages.Select(page => page.Header.ToString()));
        ours.Footer.ToString().Should().Be(aws.Footer.ToString());
    }

    [Fact]
    public void The_same_ten_rows_and_settings_give_the_bytes_that_AWS_wrote()
    {
        var ours = Rows.Write(AwsFile.Columns, Aws.Rows, AwsFile.Settings);

        ours.Should().Equal(Aws.Bytes);
    }
}
