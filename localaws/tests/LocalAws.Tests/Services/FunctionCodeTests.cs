using System.IO.Compression;
using LocalAws.Protocols;
using LocalAws.Services.Lambda;

namespace LocalAws.Tests.Services;

public sealed class FunctionCodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("code-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_zip_without_bootstrap_is_refused_with_what_it_holds() =>
        Unpack("main.py", 0b111_101_101, "x"u8.ToArray()).Should().Throw<AwsException>().WithMessage("*no file named 'bootstrap'*main.py*");

    [Fact]
    public void A_bootstrap_that_may_not_be_executed_is_refused() =>
        Unpack("bootstrap", 0b110_100_100, "x"u8.ToArray()).Should().Throw<AwsException>().WithMessage("*not executable*0755*");

    [Fact]
    public void A_bootstrap_for_another_machine_is_refused()
    {
        var arm = new byte[64];
        "\x7fELF"u8.CopyTo(arm);
        arm[18] = 183;
        Unpack("bootstrap", 0b111_101_101, arm).Should().Throw<AwsException>().WithMessage("*another machine*x86_64*");
    }

    [Fact]
    public void Bytes_that_are_no_zip_are_refused()
    {
        var unpacking = () => FunctionCode.Unpack("no zip"u8.ToArray(), "x86_64", _folder);
        unpacking.Should().Throw<AwsException>().Which.Code.Should().Be("InvalidParameterValueException");
    }

    private Func<FunctionCode> Unpack(string name, int mode, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry(name);
            entry.ExternalAttributes = mode << 16;
            using var stream = entry.Open();
            stream.Write(content);
        }

        return () => FunctionCode.Unpack(bytes.ToArray(), "x86_64", _folder);
    }
}
