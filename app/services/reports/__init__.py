"""Reports (báo cáo, kết luận, thông báo): versions that freeze, partners who sign, comments that are answered."""

from app.services.reports.versions import copy_draft, freeze, supersede

__all__ = ["copy_draft", "freeze", "supersede"]
