using System.Runtime.InteropServices;
using ParquetSharp;

namespace LocalAws.Parquet.Tests;

/// <summary>Values as text in which two are equal only if their bits are: NaN and the two zeros are told apart, as they are in a file.</summary>
internal static class Bits
{
    /// <summary>A value of a row or of ParquetSharp.</summary>
    /// <param name="value">bool, int, long, float, double, byte[], ByteArray or null.</param>
    public static string Of(object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        ByteArray bytes => Convert.ToHexString(Copy(bytes)),
        float single => "f" + BitConverter.SingleToInt32Bits(single),
        double real => "d" + BitConverter.DoubleToInt64Bits(real),
        _ => value.ToString()!,
    };

    /// <summary>A value in plain encoding, without the length in front of a byte string.</summary>
    /// <param name="plain">Its bytes.</param>
    /// <param name="type">Its type.</param>
    public static string Of(byte[] plain, PhysicalType type) => type switch
    {
        PhysicalType.Boolean => Of(plain.Single() == 1),
        PhysicalType.Int32 => Of(BitConverter.ToInt32(plain)),
        PhysicalType.Int64 => Of(BitConverter.ToInt64(plain)),
        PhysicalType.Float => Of(BitConverter.ToSingle(plain)),
        PhysicalType.Double => Of(BitConverter.ToDouble(plain)),
        _ => Of(plain),
    };

    private static byte[] Copy(ByteArray value)
    {
        var bytes = new byte[value.Length];
        if (bytes.Length > 0)
        {
            Marshal.Copy(value.Pointer, bytes, 0, bytes.Length);
        }

        return bytes;
    }
}
