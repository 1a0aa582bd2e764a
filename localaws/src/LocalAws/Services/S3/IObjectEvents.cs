namespace LocalAws.Services.S3;

/// <summary>Who is told of what happens to objects.</summary>
internal interface IObjectEvents
{
    /// <summary>Takes the event; what is done with it does not hold up who tells it.</summary>
    void Publish(ObjectEvent happened);
}
