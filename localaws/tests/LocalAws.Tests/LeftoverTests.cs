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
    public async Task What_a_killed_gateway_left_is_cleared_by_the_next_of_its_folder()
    {
        var home = Gateway.NewHome();
        var first = await Gateway.StartAsync(home);
        await first.QueryAsync("rds", "CreateDBInstance", ("DBInstanceIdentifier", "left"), ("Engine", "postgres"), ("MasterUsername", "u"), ("MasterUserPassword", "p"));
        await Eventually.TrueAsync("the instance is available", async () =>
        {
            var (_, body) = await first.QueryAsync("rds", "DescribeDBInstances");
            return (body.Contains(">available<", StringComparison.Ordinal), body);
        });
        var left = Directory.GetFiles(Path.Combine(home, "processes")).Select(file => int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture)).ToList();
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
