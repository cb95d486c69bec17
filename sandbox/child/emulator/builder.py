"""Computes what a kernel's operations give, as the card would, and checks every address that they touch.

One class of Triton's is extended here, method by method, so it is one file.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import triton.language as tl
from numpy.typing import NDArray
from triton._C.libtriton import interpreter as _interpreter  # type: ignore[attr-defined]  # compiled
from triton._C.libtriton import ir  # type: ignore[attr-defined]  # compiled
from triton.runtime import interpreter as triton_interpreter
from triton.runtime.interpreter import InterpreterBuilder, InterpreterOptions, TensorHandle

from sandbox.child.emulator import Unsupported, assembly, libdevice
from sandbox.child.emulator.formats import cut_to_tf32, half_toward_zero, is_narrow, narrowed, widened
from sandbox.child.emulator.memory import Memory

Handle = Any
_SPINS = 10_000
numpy_type: Callable[[Any], Any] = triton_interpreter._get_np_dtype  # type: ignore[attr-defined]


class EmulatedBuilder(InterpreterBuilder):
    """Triton's interpreter, mended where it is wrong and completed where it gives up."""

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        # A compiled kernel wraps around too: asserting otherwise fails kernels that hash, and costs five operations.
        self.options = InterpreterOptions(sanitize_overflow=False)
        self.memory = memory
        self._watched: tuple[Any, ...] = ()
        self._spins = 0

    def __getattr__(self, name: str) -> Any:
        """Say Unsupported for operations that the interpreter has never heard of."""
        if name.startswith(("create_", "get_")):
            raise Unsupported(f"the operation {name.removeprefix('create_')}")
        raise AttributeError(name)

    def begin_program(self, x: int, y: int, z: int) -> None:
        """Go to another program of the grid."""
        self.set_grid_idx(x, y, z)
        self._spins = 0

    # Values

    def binary_op(self, lhs: Handle, rhs: Handle, op: Any) -> Handle:
        """Apply ``op`` elementwise; narrow floats by way of float32, rounded back."""
        dtype = lhs.dtype.scalar
        if not is_narrow(dtype):
            return super().binary_op(lhs, rhs, op)
        output = op(widened(lhs.data, dtype), widened(rhs.data, rhs.dtype.scalar))
        return TensorHandle(output if output.dtype == np.bool_ else narrowed(output, dtype), dtype)

    def unary_op(self, arg: Handle, op: Any) -> Handle:
        """Apply ``op`` elementwise, narrow floats as ``binary_op`` does."""
        dtype = arg.dtype.scalar
        return TensorHandle(narrowed(op(widened(arg.data, dtype)), dtype) if is_narrow(dtype) else op(arg.data), dtype)

    def create_clampf(self, arg: Handle, lo: Handle, hi: Handle, propagate_nans: Any) -> Handle:
        """Clamp; the two bounds one after the other, so that NaN rules are those of minimum and maximum."""
        keep = propagate_nans != ir.PROPAGATE_NAN.NONE
        low = self.binary_op(arg, lo, np.maximum if keep else np.fmax)
        return self.binary_op(low, hi, np.minimum if keep else np.fmin)

    def create_fma(self, x: Handle, y: Handle, z: Handle) -> Handle:
        """Multiply and add, rounded once."""
        dtype = z.dtype.scalar
        wide = [widened(each.data, dtype).astype(np.float64) for each in (x, y, z)]
        total = wide[0] * wide[1] + wide[2]
        return TensorHandle(narrowed(total, dtype) if is_narrow(dtype) else total.astype(z.data.dtype), dtype)

    def create_erf(self, arg: Handle) -> Handle:
        """Compute the error function."""
        wide = torch.from_numpy(np.ascontiguousarray(arg.data, dtype=np.float64))
        return TensorHandle(torch.erf(wide).numpy().astype(arg.data.dtype), arg.dtype.scalar)

    def create_idiv(self, lhs: Handle, rhs: Handle) -> Handle:
        """Divide whole numbers toward zero."""
        a, b = lhs.data, rhs.data
        if a.dtype.kind == "u" or (a.size and b.size and a.min() >= 0 and b.min() > 0):
            return TensorHandle(a // b, lhs.dtype.scalar)
        return super().create_idiv(lhs, rhs)

    def create_splat(self, ret_ty: Any, arg: Handle) -> Handle:
        """Spread a scalar over a block, in its own type: Triton 3.9 makes integers of booleans here."""
        return TensorHandle(np.full(ret_ty.shape, arg.data.flat[0], arg.data.dtype), arg.dtype.scalar)

    # Conversions

    def cast_impl(self, src: Handle, dst_type: Any) -> Handle:
        """Convert between numbers."""
        return self._converted(src, dst_type.scalar, toward_zero=False)

    def create_fp_to_fp(self, src: Handle, dst_type: Any, rounding_mode: Any) -> Handle:
        """Convert between floats, with a rounding mode for the way down."""
        return self._converted(src, dst_type.scalar, toward_zero=rounding_mode == ir.ROUNDING_MODE.RTZ)

    def _converted(self, src: Handle, to: Any, toward_zero: bool) -> Handle:
        values = widened(src.data, src.dtype.scalar)
        if is_narrow(to):
            return TensorHandle(narrowed(values.astype(np.float32), to, toward_zero), to)
        if str(to).startswith("fp8") or (str(src.dtype.scalar).startswith("fp8") and not is_narrow(src.dtype.scalar)):
            raise Unsupported(f"the conversion from {src.dtype} to {to}")
        if toward_zero and to == tl.float16:
            return TensorHandle(half_toward_zero(values.astype(np.float32)), to)
        return TensorHandle(values.astype(numpy_type(to)), to)

    # Products

    def create_dot(self, a: Handle, b: Handle, d: Handle, input_precision: Any, max_num_imprecise_acc: int) -> Handle:
        """Multiply blocks; float32 operands lose what TF32 has no bits for, unless the kernel asks for more."""
        left, right = widened(a.data, a.dtype.scalar), widened(b.data, b.dtype.scalar)
        if left.dtype.kind in "iu":  # exact in float64: a product is below 2**14, a sum of them far below 2**53
            return TensorHandle(
                (left.astype(np.float64) @ right.astype(np.float64)).astype(np.int32) + d.data, d.dtype.scalar
            )
        if left.dtype == np.float32 and a.dtype.scalar == tl.float32 and input_precision == ir.INPUT_PRECISION.TF32:
            left, right = cut_to_tf32(left), cut_to_tf32(right)
        kind = np.float64 if left.dtype == np.float64 else np.float32
        product = left.astype(kind) @ right.astype(kind) + d.data.astype(kind)
        return TensorHandle(product.astype(d.data.dtype), d.dtype.scalar)

    # Memory

    def create_masked_load(self, ptrs: Handle, mask: Handle, other: Handle, *hints: Any, **named: Any) -> Handle:
        """Read what the mask allows, after a check of every address."""
        dtype = ptrs.get_element_ty()
        filler = np.zeros(ptrs.data.shape, numpy_type(dtype)) if other is None else other.data
        loaded = self.read(self.access("load", ptrs, mask), mask.data, filler)
        if named.get("is_volatile") or (hints and hints[-1]):  # volatile: perhaps a wait for another program
            self._watch(ptrs.data, loaded)
        return TensorHandle(loaded, dtype)

    def read(self, ptrs: Handle, mask: NDArray[Any], filler: NDArray[Any]) -> NDArray[Any]:
        """Read real addresses."""
        return _interpreter.load(ptrs.data, mask, filler, filler.dtype)

    def create_masked_store(self, ptrs: Handle, value: Handle, mask: Handle, *hints: Any, **named: Any) -> Any:
        """Write what the mask allows, after a check of every address."""
        return _interpreter.store(self.access("store", ptrs, mask).data, value.data, mask.data)

    def create_atomic_cas(self, ptr: Handle, cmp: Handle, val: Handle, sem: Any, scope: Any) -> Handle:
        """Compare and swap, checked."""
        everywhere = TensorHandle(np.ones(ptr.data.shape, bool), tl.int1)
        old = super().create_atomic_cas(self.access("atomic", ptr, everywhere), cmp, val, sem, scope)
        self._watch(ptr.data, old.data)
        return old

    def create_atomic_rmw(self, rmwOp: Any, ptr: Handle, val: Handle, mask: Handle, sem: Any, scope: Any) -> Handle:  # noqa: N803, PLR0913  # Triton's names
        """Read, modify and write, checked."""
        moved = self.access("atomic", ptr, mask)
        if is_narrow(val.dtype.scalar):
            old = self._add_narrow(rmwOp, moved, val, mask)
        elif rmwOp == ir.ATOMIC_OP.XCHG and val.data.dtype.kind == "f":  # the interpreter exchanges whole numbers only
            bits = TensorHandle(val.data.view(f"i{val.data.itemsize}"), val.dtype.scalar)
            swapped = super().create_atomic_rmw(rmwOp, moved, bits, mask, sem, scope)
            old = TensorHandle(swapped.data.view(val.data.dtype), val.dtype.scalar)
        else:
            old = super().create_atomic_rmw(rmwOp, moved, val, mask, sem, scope)
        self._watch(ptr.data, old.data)
        return old

    def access(self, kind: str, ptrs: Handle, mask: Handle) -> Handle:
        """Check the addresses of one access and give the real ones; raises OutOfBoundsError."""
        active = np.broadcast_to(mask.data, ptrs.data.shape)
        itemsize = max(1, ptrs.get_element_ty().primitive_bitwidth // 8)
        _, real = self.memory.located(kind, ptrs.data, active, itemsize)
        return TensorHandle(real, ptrs.dtype)

    def _add_narrow(self, operation: Any, ptr: Handle, val: Handle, mask: Handle) -> Handle:
        if operation != ir.ATOMIC_OP.FADD:
            raise Unsupported(f"an atomic {operation} of {val.dtype}")
        old = np.zeros_like(val.data)
        for index in zip(*np.nonzero(np.broadcast_to(mask.data, ptr.data.shape)), strict=True):
            one = TensorHandle(ptr.data[index].reshape(1), ptr.dtype)
            always = TensorHandle(np.ones(1, bool), tl.int1)
            before = self.read(one, always.data, np.zeros(1, old.dtype))
            total = widened(before, val.dtype.scalar) + widened(val.data[index].reshape(1), val.dtype.scalar)
            _interpreter.store(one.data, narrowed(total, val.dtype.scalar), always.data)
            old[index] = before[0]
        return TensorHandle(old, val.dtype.scalar)

    def _watch(self, pointers: NDArray[Any], values: NDArray[Any]) -> None:
        """Programs run one after another here: one that waits for a later one would wait for ever."""
        seen = (int(pointers.flat[0]), values.flat[0].item())
        self._spins = self._spins + 1 if seen == self._watched else 0
        self._watched = seen
        if self._spins > _SPINS:
            raise Unsupported("a program that waits for another program of the same launch")

    def create_extern_elementwise(
        self, libName: str, libPath: str, symbol: str, argList: Any, retType: Any, isPure: bool
    ) -> Handle:  # noqa: N803, PLR0913  # Triton's names
        """Call a function of libdevice."""
        arrays = [each.data for each in argList]
        return TensorHandle(libdevice.call(symbol, arrays, numpy_type(retType)), retType.scalar)

    def create_inline_asm(
        self, inlineAsm: str, constraints: str, values: Any, type: Any, isPure: bool, pack: int
    ) -> Any:  # noqa: N803, PLR0913  # Triton's names
        """Run what is known here."""
        made = assembly.run(inlineAsm, [each.data for each in values], [numpy_type(kind) for kind in type], pack)
        return assembly.Results([TensorHandle(each, kind.scalar) for each, kind in zip(made, type, strict=True)])
