namespace Cdc.Cli.Places;

/// <summary>Where an environment is applied and worked on.</summary>
internal enum Target
{
    /// <summary>The local AWS of this machine.</summary>
    Local,

    /// <summary>The account that the AWS variables or profile of whoever calls name.</summary>
    Account,
}
