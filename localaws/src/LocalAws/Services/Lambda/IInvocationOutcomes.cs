namespace LocalAws.Services.Lambda;

/// <summary>Who is told how an asynchronous invocation ended.</summary>
internal interface IInvocationOutcomes
{
    /// <summary>Takes the outcome; must not throw.</summary>
    Task TellAsync(LambdaFunction function, InvocationOutcome outcome, CancellationToken cancellationToken);
}
