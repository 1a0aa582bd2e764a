using Cdc.Harness.Commands;

namespace Cdc.Harness.Tests;

public sealed class PostgresProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("programs-");

    [Fact]
    public void A_client_program_is_taken_from_the_first_folder_that_has_it()
    {
        var first = _folder.CreateSubdirectory("first").FullName;
        var second = _folder.CreateSubdirectory("second").FullName;
        var third = _folder.CreateSubdirectory("third").FullName;
        File.WriteAllText(Path.Combine(second, "pgbench"), "");
        File.WriteAllText(Path.Combine(third, "pgbench"), "");

        PostgresProgram.Find("pgbench", [first, second, third]).Should().Be(Path.Combine(second, "pgbench"));
    }

    [Fact]
    public void A_client_program_that_is_missing_is_named_with_what_to_install()
    {
        var finding = () => PostgresProgram.Find("pgbench", [_folder.FullName]);

        finding.Should().Throw<FileNotFoundException>().WithMessage("There is no pgbench*apt install postgresql*brew install postgresql*");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
