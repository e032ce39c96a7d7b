"""Is the audit as it was sealed?"""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import create_engine
from app.services import audit_chain

FAULTS = {
    audit_chain.Fault.ALTERED: "bị sửa · was altered",
    audit_chain.Fault.REMOVED: "bị xóa · was removed",
    audit_chain.Fault.ADDED: "bị chèn thêm · was put in later",
    audit_chain.Fault.RESEALED: "niêm phong bị sửa · the seal itself was altered",
}


async def verify(url: str, head: str | None) -> tuple[audit_chain.Verified, bool]:
    engine = create_engine(url, pool_size=1, application="giamsat-audit")
    try:
        async with AsyncSession(engine) as session:
            found = await audit_chain.verify(session)
            return found, head is None or await audit_chain.sealed_as(session, head)
    finally:
        await engine.dispose()


def words_for(it: audit_chain.Broken) -> str:
    line = "" if it.seq is None else f", dòng · line {it.seq}"
    return f"Niêm phong · Seal {it.seal}{line}: {FAULTS[it.fault]}"
