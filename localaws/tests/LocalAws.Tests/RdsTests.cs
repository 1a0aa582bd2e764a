using LocalAws.Tests.Harness;
using Npgsql;

namespace LocalAws.Tests;

/// <summary>DB instances of every version, as they come from RDS.</summary>
[Collection(GatewayCollection.Name)]
public sealed class RdsTests(SharedGateway shared, RdsInstances instances) : IClassFixture<RdsInstances>
{
    private readonly Gateway _gateway = shared.Gateway;

    [Theory]
    [InlineData("15")]
    [InlineData("16")]
    [InlineData("17")]
    [InlineData("18")]
    public async Task Every_major_version_decodes_by_test_decoding_and_has_xml(string major)
    {
        var connection = await instances.ConnectionAsync(major);

        (await RdsInstances.ScalarAsync(connection, "SHOW server_version")).Should().StartWith(major + ".");
        (await RdsInstances.ScalarAsync(connection, "SELECT xmlelement(name a, 'b')::text")).Should().Be("<a>b</a>");
        await RdsInstances.ScalarAsync(connection, "SELECT pg_create_logical_replication_slot('decodes', 'test_decoding')");
        await RdsInstances.ScalarAsync(connection, "CREATE TABLE decoded (id int PRIMARY KEY)");
        await RdsInstances.ScalarAsync(connection, "INSERT INTO decoded VALUES (7)");
        const string Decoded = "SELECT data FROM pg_logical_slot_get_changes('decodes', NULL, NULL) WHERE data LIKE 'table %'";
        (await RdsInstances.ScalarAsync(connection, Decoded)).Should().Be("table public.decoded: INSERT: id[integer]:7");
    }

    [Theory]
    [InlineData("15")]
    [InlineData("16")]
    [InlineData("17")]
    [InlineData("18")]
    public async Task Every_major_version_refuses_a_plain_connection_until_the_parameter_allows_it_without_a_reboot(string major)
    {
        var encrypted = await instances.ConnectionAsync(major);
        var plain = new NpgsqlConnectionStringBuilder(encrypted.ConnectionString) { SslMode = SslMode.Disable, RootCertificate = null };
        var started = await RdsInstances.ScalarAsync(encrypted, "SELECT pg_postmaster_start_time()::text");

        var connecting = () => RdsInstances.ScalarAsync(plain, "SELECT 1");

        (await connecting.Should().ThrowAsync<PostgresException>())
            .WithMessage("*no pg_hba.conf entry for host \"127.0.0.1\", user \"owner\", database \"shop\", no encryption*");
        await instances.SetAsync(RdsInstances.GroupOf(major), "rds.force_ssl", "0", "immediate");
        await Eventually.BecomesAsync("a plain connection is taken", () => TryAsync(plain), seen => seen == "false");
        (await RdsInstances.ScalarAsync(plain, "SELECT pg_postmaster_start_time()::text")).Should().Be(started);
        await instances.SetAsync(RdsInstances.GroupOf(major), "rds.force_ssl", "1", "immediate");
        await Eventually.BecomesAsync("a plain connection is refused again", () => TryAsync(plain), seen => seen != "false");
        (await RdsInstances.ScalarAsync(encrypted, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).Should().Be("TLSv1.3");
    }

    [Theory]
    [InlineData("15")]
    [InlineData("16")]
    [InlineData("17")]
    [InlineData("18")]
    public async Task A_member_of_rds_superuser_administers_rds_replication(string major)
    {
        var connection = await instances.ConnectionAsync(major);
        await RdsInstances.ScalarAsync(
            connection, "CREATE ROLE second LOGIN PASSWORD 'p'; GRANT rds_superuser TO second; CREATE ROLE streams LOGIN");
        const string IsMember = "SELECT pg_has_role('streams', 'rds_replication', 'member')::text";
        var second = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Username = "second", Password = "p" };

        await RdsInstances.ScalarAsync(second, "GRANT rds_replication TO streams");

        (await RdsInstances.ScalarAsync(connection, IsMember)).Should().Be("true");
        await RdsInstances.ScalarAsync(second, "REVOKE rds_replication FROM streams");
        (await RdsInstances.ScalarAsync(connection, IsMember)).Should().Be("false");
    }

    [Fact]
    public async Task A_static_parameter_takes_effect_with_a_reboot_and_the_instance_keeps_its_certificate()
    {
        var connection = await instances.ConnectionAsync("16");
        await instances.SetAsync(RdsInstances.GroupOf("16"), "max_prepared_transactions", "7", "pending-reboot");
        (await RdsInstances.ScalarAsync(connection, "SHOW max_prepared_transactions")).Should().Be("0");
        (await DescribeAsync("version-16")).Should().Contain("<ParameterApplyStatus>pending-reboot</ParameterApplyStatus>");

        await _gateway.QueryAsync("rds", "RebootDBInstance", ("DBInstanceIdentifier", "version-16"));

        await Eventually.BecomesAsync(
            "the instance is available again",
            () => DescribeAsync("version-16"),
            seen => seen.Contains("<DBInstanceStatus>available<", StringComparison.Ordinal));
        (await RdsInstances.ScalarAsync(connection, "SHOW max_prepared_transactions")).Should().Be("7");
    }

    [Fact]
    public async Task A_value_that_force_ssl_does_not_have_is_refused()
    {
        await instances.CreateGroupAsync("typo", "17");

        var (status, body) = await _gateway.QueryAsync("rds", "ModifyDBParameterGroup", ("DBParameterGroupName", "typo"),
            ("Parameters.Parameter.1.ParameterName", "rds.force_ssl"), ("Parameters.Parameter.1.ParameterValue", "on"));

        status.Should().Be(400);
        body.Should().Contain("Invalid parameter value: on for: rds.force_ssl allowed values are: 0, 1");
    }

    [Fact]
    public async Task An_engine_version_that_is_not_there_is_refused_with_those_that_are()
    {
        var (status, body) = await _gateway.QueryAsync(
            "rds", "CreateDBInstance", ("DBInstanceIdentifier", "old"), ("Engine", "postgres"), ("EngineVersion", "9.6"),
            ("MasterUsername", "u"), ("MasterUserPassword", "p"));

        status.Should().Be(400);
        body.Should().MatchRegex(@"Cannot find version 9\.6 for postgres\. This machine has: .*15\.\d+, 16\.\d+, 17\.\d+, 18\.\d+\.");
    }

    [Fact]
    public async Task Without_a_version_17_is_taken()
    {
        var (_, body) = await _gateway.QueryAsync("rds", "DescribeDBEngineVersions", ("Engine", "postgres"), ("DefaultOnly", "true"));

        body.Should().Contain("<MajorEngineVersion>17<").And.NotContain("<MajorEngineVersion>18<");
    }

    [Fact]
    public async Task A_static_parameter_cannot_be_applied_at_once()
    {
        await instances.CreateGroupAsync("static", "16");

        var (status, body) = await _gateway.QueryAsync("rds", "ModifyDBParameterGroup", ("DBParameterGroupName", "static"),
            ("Parameters.Parameter.1.ParameterName", "rds.logical_replication"), ("Parameters.Parameter.1.ParameterValue", "1"),
            ("Parameters.Parameter.1.ApplyMethod", "immediate"));

        status.Should().Be(400);
        body.Should().Contain("cannot use immediate apply method for static parameter");
    }

    private async Task<string> DescribeAsync(string identifier) =>
        (await _gateway.QueryAsync("rds", "DescribeDBInstances", ("DBInstanceIdentifier", identifier))).Body;

    /// <summary>Whether the session is encrypted; the refusal when there is none.</summary>
    private static async Task<string?> TryAsync(NpgsqlConnectionStringBuilder connection)
    {
        try
        {
            return await RdsInstances.ScalarAsync(connection, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        }
        catch (PostgresException refused)
        {
            return refused.MessageText;
        }
    }
}
