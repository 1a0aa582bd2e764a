using FluentAssertions;
using LocalAws.Replication.Recovery;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using Microsoft.Extensions.Time.Testing;

namespace LocalAws.Replication.Tests.Units;

/// <summary>How long a retry pauses, on a clock that moves only when the test moves it.</summary>
public sealed class RetryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _said = new();

    public void Dispose() => _said.Dispose();

    [Fact]
    public async Task Pauses_grow_to_their_limit_and_end_with_the_attempts()
    {
        var attempts = 0;
        var retrying = NewRetry(
            """{"ErrorBehavior":{"RecoverableErrorCount":5,"RecoverableErrorInterval":2,"RecoverableErrorThrottlingMax":10}}""")
            .RunAsync("Reading", _ => true, _ => throw new IOException($"loss {++attempts}"), CancellationToken.None);

        foreach (var pause in (int[])[2, 4, 8, 10, 10])
        {
            await UntilSaidAsync($"in {pause} s");
            _time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            retrying.IsCompleted.Should().BeFalse();
            var before = attempts;
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Eventually.BecomesAsync("The next attempt", () => Task.FromResult(attempts), now => now > before);
        }

        await retrying.Invoking(task => task).Should().ThrowAsync<IOException>().WithMessage("loss 6");
    }

    [Fact]
    public async Task What_got_on_has_overcome_what_broke_before()
    {
        using var stop = new CancellationTokenSource();
        var attempts = 0;
        var retrying = NewRetry("""{"ErrorBehavior":{"RecoverableErrorCount":1,"RecoverableErrorInterval":3}}""").RunAsync(
            "Reading",
            _ => true,
            (Action healthy, CancellationToken _) =>
            {
                attempts++;
                healthy();
                throw new IOException("lost");
            },
            stop.Token);

        for (var loss = 1; loss <= 6; loss++)
        {
            var seen = loss;
            await Eventually.BecomesAsync("The pause", () => Task.FromResult(Pauses()), now => now.Length == seen);
            _time.Advance(TimeSpan.FromSeconds(3));
            await Eventually.BecomesAsync("The next attempt", () => Task.FromResult(attempts), now => now > seen);
        }

        Pauses().Should().OnlyContain(pause => pause.Contains("in 3 s", StringComparison.Ordinal));
        await stop.CancelAsync();
        await retrying.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task What_is_not_recoverable_is_not_tried_again()
    {
        var retrying = () => NewRetry("{}").RunAsync(
            "Reading", error => error is IOException, _ => throw new InvalidDataException("no"), CancellationToken.None);

        await retrying.Should().ThrowAsync<InvalidDataException>();
        _said.ToString().Should().BeEmpty();
    }

    private Retry NewRetry(string settings) => new(TaskSettings.Parse(settings), new Reporter(_said, _time), _time);

    private string[] Pauses() => _said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<string> UntilSaidAsync(string text) =>
        Eventually.BecomesAsync(
            text, () => Task.FromResult(Pauses().LastOrDefault() ?? ""), now => now.Contains(text, StringComparison.Ordinal));
}
