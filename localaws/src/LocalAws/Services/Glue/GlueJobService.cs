using LocalAws.Protocols;

namespace LocalAws.Services.Glue;

/// <summary>Jobs, their runs and tags. The catalog beside them is moto's, but for <see cref="GlueCatalogService"/>.</summary>
internal sealed class GlueJobService : JsonService
{
    public GlueJobService(GlueJobs jobs, GlueRuns runs, GlueTags tags)
        : base("glue")
    {
        On("CreateJob", jobs.Create);
        On("UpdateJob", jobs.Update);
        On("GetJob", jobs.Get);
        On("GetJobs", jobs.GetAll);
        On("ListJobs", jobs.List);
        On("DeleteJob", jobs.Delete);
        On("StartJobRun", runs.Start);
        On("GetJobRun", runs.Get);
        On("GetJobRuns", runs.List);
        On("BatchStopJobRun", runs.Stop);
        On("GetTags", tags.Get);
        On("TagResource", tags.Add);
        On("UntagResource", tags.Remove);
    }
}
