using System.Globalization;
using System.Numerics;
using System.Text;
using FluentAssertions;
using FsCheck;
using FsCheck.Xunit;
using LocalAws.Replication.Filters;

namespace LocalAws.Replication.Tests.Units;

public sealed class NumberTextTests
{
    [Property(MaxTest = 500)]
    public void Numbers_compare_as_decimals_do(decimal left, decimal right) =>
        Compare(Text(left), Text(right)).Should().Be(left.CompareTo(right));

    [Property(MaxTest = 500)]
    public void Numbers_compare_as_doubles_do(NormalFloat left, NormalFloat right) =>
        Compare(left.Get.ToString("R", CultureInfo.InvariantCulture), right.Get.ToString("R", CultureInfo.InvariantCulture))
            .Should().Be(left.Get.CompareTo(right.Get));

    [Property(MaxTest = 200)]
    public void Numbers_of_any_size_compare(BigInteger left, BigInteger right, byte zeros)
    {
        var factor = BigInteger.Pow(10, zeros);
        Compare((left * factor).ToString(CultureInfo.InvariantCulture), $"{right}e{zeros}").Should().Be(
            left.CompareTo(right) switch { > 0 => 1, < 0 => -1, _ => 0 });
    }

    [Theory]
    [InlineData("0", "-0.000", 0)]
    [InlineData("00012.50", "12.5", 0)]
    [InlineData("0.05", "0.5", -1)]
    [InlineData("1e300", "5", 1)]
    [InlineData("-1e300", "5", -1)]
    [InlineData("NaN", "Infinity", 1)]
    [InlineData("NaN", "NaN", 0)]
    [InlineData("-Infinity", "-1e300", -1)]
    [InlineData("-$1,234.50", "-1234.5", 0)]
    [InlineData("123456789012345678901234567890123", "5", 1)]
    public void Numbers_compare_by_their_value(string left, string right, int expected)
    {
        Compare(left, right).Should().Be(expected);
        Compare(right, left).Should().Be(-expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("--1")]
    public void What_is_no_number_is_told(string text) => NumberText.IsNumber(Encoding.UTF8.GetBytes(text)).Should().BeFalse();

    private static int Compare(string left, string right) =>
        Math.Sign(NumberText.Compare(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right)));

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
