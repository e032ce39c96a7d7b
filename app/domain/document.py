"""What papers are: kinds by the abbreviation in their symbol (NĐ 30/2020/NĐ-CP Annex III; 05-HD/VPTW), who signs how.

One abbreviation can mean two kinds: TTr is Tờ trình in State papers and Thông tri in Party ones, QĐ in Party papers is
Quyết định or Quy định, BTT is Bản thỏa thuận and elsewhere the Standing Board.
"""

from enum import StrEnum


class DocumentKind(StrEnum):
    NGHI_QUYET = "NQ"
    QUYET_DINH = "QĐ"
    CHI_THI = "CT"
    KET_LUAN = "KL"
    QUY_CHE = "QC"
    QUY_DINH = "QyĐ"
    THONG_CAO = "TC"
    THONG_BAO = "TB"
    HUONG_DAN = "HD"
    CHUONG_TRINH = "CTr"
    CHUONG_TRINH_HANH_DONG = "CTHĐ"
    KE_HOACH = "KH"
    PHUONG_AN = "PA"
    DE_AN = "ĐA"
    DU_AN = "DA"
    DE_CUONG = "ĐC"
    BAO_CAO = "BC"
    BIEN_BAN = "BB"
    TO_TRINH = "TTr"
    HOP_DONG = "HĐ"
    CONG_VAN = "CV"
    CONG_DIEN = "CĐ"
    BAN_GHI_NHO = "BGN"
    BAN_THOA_THUAN = "BTT"
    GIAY_UY_QUYEN = "GUQ"
    GIAY_MOI = "GM"
    GIAY_GIOI_THIEU = "GGT"
    GIAY_NGHI_PHEP = "GNP"
    PHIEU_GUI = "PG"
    PHIEU_CHUYEN = "PC"
    PHIEU_BAO = "PB"
    BAN_SAO = "BS"
    LUAT = "Luật"
    NGHI_DINH = "NĐ"
    THONG_TU = "TT"
    NGHI_QUYET_LIEN_TICH = "NQLT"
    QUY_CHE_PHOI_HOP = "QCPH"
    KHAC = "khác"


class Capacity(StrEnum):
    """By what authority somebody signs for others (NĐ 30/2020 Đ13); the Party writes T/M and T/L."""

    ON_BEHALF_OF_COLLECTIVE = "TM."
    FOR_THE_HEAD = "KT."
    BY_ORDER = "TL."
    BY_DELEGATION = "TUQ."
    ACTING = "Q."
