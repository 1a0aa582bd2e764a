using System.Collections.Immutable;
using LocalAws.Routing;
using LocalAws.Services.Events.Patterns;

namespace LocalAws.Services.Events;

/// <summary>A rule of the default bus. It never changes: a change makes another one.</summary>
internal sealed record EventRule
{
    /// <summary>Account and region.</summary>
    public required AwsScope Scope { get; init; }

    /// <summary>Unique in its scope.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>The pattern as it was put; null for a schedule alone.</summary>
    public string? PatternText { get; init; }

    /// <summary>The pattern; null for a schedule alone.</summary>
    public EventPattern? Pattern { get; init; }

    /// <summary>For example <c>rate(5 minutes)</c>; null for a pattern alone.</summary>
    public RuleSchedule? Schedule { get; init; }

    /// <summary>When the schedule fires next.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>Whether it takes events at all.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The role that is kept and shown.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Where it delivers.</summary>
    public ImmutableList<RuleTarget> Targets { get; init; } = [];

    /// <summary>Names it in policies of its targets.</summary>
    public string Arn => Scope.Arn("events", $"rule/{Name}");
}
