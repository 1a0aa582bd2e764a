using System.Diagnostics;
using LocalAws.Hosting;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

public sealed class LeftoverTests
{
    [Fact]
    public async Task A_port_in_use_is_named_before_anything_starts()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var home = Gateway.NewHome();
        using var process = Gateway.Launch(port, home);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(3);
        error.Should().Contain($"Port {port} is in use");
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A_second_gateway_of_the_same_folder_is_refused_and_leaves_the_first_alone()
    {
        await using var first = await Gateway.StartAsync();
        var children = await first.Client.GetStringAsync("/_localaws/health");
        foreach (var port in new[] { first.Port, Ports.Free() })
        {
            using var second = Gateway.Launch(port, first.Home);
            var error = await second.StandardError.ReadToEndAsync();
            await second.WaitForExitAsync();
            second.ExitCode.Should().Be(3);
            error.Should().Contain($"already runs in {first.Home}");
        }

        (await first.Client.GetStringAsync("/_localaws/health")).Should().Be(children).And.Contain("moto");
    }

    [Fact]
    public async Task An_orderly_stop_leaves_no_folder()
    {
        var gateway = await Gateway.StartAsync();
        await CreateInstanceAsync(gateway, "stopped", "u", "available");
        Directory.GetDirectories(Path.GetTempPath(), $"localaws-{gateway.Port}-*").Should().ContainSingle();
        await gateway.DisposeAsync();
        Directory.GetDirectories(Path.GetTempPath(), $"localaws-{gateway.Port}-*").Should().BeEmpty();
    }

    [Fact]
    public async Task An_instance_that_cannot_be_created_leaves_neither_server_nor_folder()
    {
        await using var gateway = await Gateway.StartAsync();
        // The administrator's own name: the server runs, and the master user cannot be created in it.
        await CreateInstanceAsync(gateway, "broken", "rdsadmin", "failed");
        (await gateway.Client.GetStringAsync("/_localaws/health")).Should().NotContain("rds broken");
        Directory.GetDirectories(Path.GetTempPath(), $"localaws-{gateway.Port}-*").Should().BeEmpty();
    }

    [Fact]
    public async Task PostgreSQL_runs_though_programs_and_temporary_folder_lie_where_only_their_owner_can_enter()
    {
        // Matters for root, as whom PostgreSQL does not run: a checkout in root's home, and a temporary folder of root's own.
        var closed = Directory.CreateTempSubdirectory("closed-").FullName;
        try
        {
            // One that set-up fetched; those that are installed lie where everybody can enter.
            var fetched = Directory.GetDirectories(Repository.Postgres).Max(StringComparer.Ordinal)!;
            var programs = Path.Combine(closed, "postgresql");
            await CopyAsync(fetched, Path.Combine(programs, Path.GetFileName(fetched)));
            var temporary = Directory.CreateDirectory(Path.Combine(closed, "tmp")).FullName;
            await using var gateway = await Gateway.StartAsync(
                postgresql: programs, environment: new Dictionary<string, string> { ["TMPDIR"] = temporary });

            await CreateInstanceAsync(gateway, "reaches", "u", "available", Path.GetFileName(fetched));

            (await gateway.ProcessesAsync("rds reaches")).Should().ContainSingle();
        }
        finally
        {
            Directory.Delete(closed, recursive: true);
        }
    }

    [Fact]
    public async Task What_a_killed_gateway_left_is_cleared_by_the_next_of_its_folder()
    {
        var home = Gateway.NewHome();
        var first = await Gateway.StartAsync(home);
        await CreateInstanceAsync(first, "left", "u", "available");
        var left = Directory.GetFiles(Path.Combine(home, "processes")).Select(
            file => int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        left.Should().HaveCountGreaterThan(1);
        first.Process.Kill();
        await first.Process.WaitForExitAsync();

        await using (await Gateway.StartAsync(home))
        {
            left.Where(IsRunning).Should().BeEmpty();
        }

        Directory.Exists(home).Should().BeFalse();
        Directory.GetDirectories(Path.GetTempPath(), $"localaws-{first.Port}-*").Should().BeEmpty();
    }

    [Fact]
    public void A_process_that_took_over_a_listed_id_is_left_alone()
    {
        var folder = Directory.CreateTempSubdirectory("list-").FullName;
        using var own = Process.GetCurrentProcess();
        var list = new ProcessList(folder);
        list.Add(own, "this test", null);
        var file = Directory.GetFiles(folder).Single();
        // The same id, started at another time: another process.
        File.WriteAllText(file, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(file), "\"Started\":\\d+", "\"Started\":1"));
        list.Clear();
        Directory.GetFiles(folder).Should().BeEmpty();
        Directory.Delete(folder);
    }

    private static async Task CopyAsync(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        using var copy = Process.Start("cp", ["-r", from, to]);
        await copy.WaitForExitAsync();
        copy.ExitCode.Should().Be(0);
    }

    private static async Task CreateInstanceAsync(Gateway gateway, string identifier, string user, string status, string version = "17")
    {
        await gateway.QueryAsync(
            "rds",
            "CreateDBInstance",
            ("DBInstanceIdentifier", identifier),
            ("Engine", "postgres"),
            ("EngineVersion", version),
            ("MasterUsername", user),
            ("MasterUserPassword", "p"));
        await Eventually.TrueAsync($"the instance is {status}", async () =>
        {
            var (_, body) = await gateway.QueryAsync("rds", "DescribeDBInstances");
            return (body.Contains($">{status}<", StringComparison.Ordinal), body);
        });
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
